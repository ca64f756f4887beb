import v8 from 'node:v8';
import vm from 'node:vm';
import type { RateAlgorithm, WithoutStore } from '#domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryWindowStore } from './memory-window-store.js';
import type { RateRule } from './rate-rule.js';
import type { TakeVerdict } from './rate-window.js';
import { type ExchangeListener, RateStoreError, type UnitsRequest } from './rate-window-store.js';
import { SharedWindow } from './shared-window.js';
import { StoreGuard } from './store-guard.js';

const startMs = 1_700_000_000_000;
const perMinute = (limit: number): RateRule => ({ algorithm: 'sliding_window', limit, windowMs: 60_000, burst: limit });

class CountingStore extends MemoryWindowStore {
  readonly requests: UnitsRequest[] = [];
  isDown = false;
  isSilent = false;
  reconnects = 0;

  override exchange(request: UnitsRequest, listener: ExchangeListener): void {
    this.requests.push(request);
    if (this.isSilent) return;
    if (!this.isDown) return super.exchange(request, listener);
    queueMicrotask(() => listener.onExchangeFailed(new RateStoreError(new Error('down'))));
  }

  override reconnect(): void {
    this.reconnects++;
  }
}

interface Options {
  readonly rule: RateRule;
  readonly policy?: 'shared' | 'leased';
  readonly withoutStore?: WithoutStore;
  readonly sharers?: number;
}

function openWindow(
  store: CountingStore,
  { rule, policy = 'leased', withoutStore = 'local', sharers = 1 }: Options,
): SharedWindow {
  const guard = new StoreGuard({ store, timeoutMs: 30 });
  return new SharedWindow({
    key: 'k',
    rule,
    policy,
    withoutStore,
    guard,
    sharers: () => sharers,
    onBlock: () => undefined,
  });
}

interface Taken {
  readonly verdict: Exclude<TakeVerdict, 'unknown'>;
  readonly takenAtMs: number;
}

function take(window: SharedWindow, nowMs: number): Promise<Taken> {
  const verdict = window.tryTake(nowMs);
  if (verdict !== 'unknown') return Promise.resolve({ verdict, takenAtMs: nowMs });
  return new Promise((resolve) => {
    window.wait(nowMs, { onTakeVerdict: (told, takenAtMs) => resolve({ verdict: told, takenAtMs }) });
  });
}

const takeMany = async (window: SharedWindow, count: number, nowMs: number) => {
  const verdicts = [];
  for (let index = 0; index < count; index++) verdicts.push((await take(window, nowMs)).verdict);
  return verdicts.filter((verdict) => verdict === 'taken').length;
};

const someSteps = fc.array(
  fc.record({
    gapMs: fc.oneof(fc.nat(4), fc.nat(150)),
    gateway: fc.nat(2),
    atOnce: fc.integer({ min: 1, max: 6 }),
    givesBack: fc.boolean(),
    crashes: fc.integer({ min: 0, max: 30 }).map((value) => value === 0),
  }),
  { minLength: 1, maxLength: 150 },
);
const someRule = (algorithm: RateAlgorithm): fc.Arbitrary<RateRule> =>
  fc
    .record({
      limit: fc.integer({ min: 1, max: 40 }),
      windowMs: fc.integer({ min: 100, max: 1_500 }),
      burst: fc.integer({ min: 1, max: 30 }),
    })
    .map(({ limit, windowMs, burst }) => ({ algorithm, limit, windowMs, burst: algorithm === 'gcra' ? burst : limit }));

/** When three gateways that share a window admitted, ascending. */
async function admissionsOf(
  rule: RateRule,
  policy: 'shared' | 'leased',
  steps: typeof someSteps extends fc.Arbitrary<infer Steps> ? Steps : never,
): Promise<number[]> {
  const store = new CountingStore();
  const open = () => openWindow(store, { rule, policy, sharers: 3 });
  const windows = [open(), open(), open()];
  const admitted: number[] = [];
  let nowMs = startMs;
  for (const { gapMs, gateway, atOnce, givesBack, crashes } of steps) {
    nowMs += gapMs;
    if (crashes) windows[gateway] = open();
    for (const window of windows) window.endBlock(nowMs);
    const window = windows[gateway]!;
    const takings = await Promise.all(Array.from({ length: atOnce }, () => take(window, nowMs)));
    for (const [index, { verdict, takenAtMs }] of takings.entries()) {
      if (verdict !== 'taken') continue;
      if (givesBack && index % 2 === 0) window.giveBack(takenAtMs);
      else admitted.push(nowMs);
    }
  }
  return admitted;
}

describe.each(['shared', 'leased'] as const)('three gateways that share a window (%s)', (policy) => {
  it('never admit more than the limit in any sliding window', async () => {
    await fc.assert(
      fc.asyncProperty(someRule('sliding_window'), someSteps, async (rule, steps) => {
        const admitted = await admissionsOf(rule, policy, steps);
        for (const [index, time] of admitted.entries()) {
          const last = admitted[index + rule.limit];
          if (last !== undefined) expect(last - time).toBeGreaterThanOrEqual(rule.windowMs);
        }
      }),
    );
  });

  it('never admit more than the limit in a fixed window', async () => {
    await fc.assert(
      fc.asyncProperty(someRule('fixed_window'), someSteps, async (rule, steps) => {
        const admitted = await admissionsOf(rule, policy, steps);
        const windows = Map.groupBy(admitted, (time) => Math.floor(time / rule.windowMs));
        for (const times of windows.values()) expect(times.length).toBeLessThanOrEqual(rule.limit);
      }),
    );
  });

  it('never admit more than burst + rate · t in any span of t', async () => {
    await fc.assert(
      fc.asyncProperty(someRule('gcra'), someSteps, async (rule, steps) => {
        const admitted = await admissionsOf(rule, policy, steps);
        for (const [from, start] of admitted.entries()) {
          for (const [to, end] of admitted.entries()) {
            if (to < from) continue;
            expect((to - from + 1 - rule.burst) * rule.windowMs).toBeLessThanOrEqual((end - start) * rule.limit);
          }
        }
      }),
    );
  });
});

describe('a shared window', () => {
  it('admits all of the limit to one gateway, and not one more', async () => {
    for (const policy of ['shared', 'leased'] as const) {
      const window = openWindow(new CountingStore(), { rule: perMinute(100), policy });
      expect(await takeMany(window, 150, startMs)).toBe(100);
      expect(window.remaining(startMs)).toBe(0);
      expect(window.nextUnitInMs(startMs)).toBeGreaterThanOrEqual(60_000);
    }
  });

  it('spends nothing for what is given back, from the hand and from the store', async () => {
    for (const policy of ['shared', 'leased'] as const) {
      const window = openWindow(new CountingStore(), { rule: perMinute(20), policy });
      for (let round = 0; round < 100; round++) {
        const { verdict, takenAtMs } = await take(window, startMs + round);
        expect(verdict).toBe('taken');
        window.giveBack(takenAtMs);
      }
      expect(await takeMany(window, 30, startMs + 100)).toBe(20);
    }
  });

  it('spends nothing for what is given back, however much happens in the same millisecond', async () => {
    const store = new CountingStore();
    const rule = perMinute(6_000);
    const windows = [openWindow(store, { rule, sharers: 2 }), openWindow(store, { rule, sharers: 2 })];
    for (let round = 0; round < 60; round++) {
      const window = windows[round % 2]!;
      const takings = await Promise.all(Array.from({ length: 1 + (round % 7) }, () => take(window, startMs)));
      for (const { takenAtMs } of takings) window.giveBack(takenAtMs);
    }
    for (const window of windows) window.endBlock(startMs + 6_000);
    await new Promise((resolve) => setImmediate(resolve));
    const other = openWindow(store, { rule });
    await take(other, startMs + 6_001);
    expect(other.remaining(startMs + 6_001)).toBe(5_999);
  });

  it.each([
    { policy: 'leased', left: 1, of: 'of blocks counts as spent, and nothing of it is kept' },
    { policy: 'shared', left: 2, of: 'and was asked for alone is there again' },
  ] as const)('what is given back a minute later $of', async ({ policy, left }) => {
    const store = new CountingStore();
    const window = openWindow(store, { rule: { ...perMinute(3), windowMs: 600_000 }, policy });
    const { takenAtMs } = await take(window, startMs);
    await take(window, startMs + 60_001);
    window.giveBack(takenAtMs);
    expect(await takeMany(window, 3, startMs + 60_002)).toBe(left);
  });

  it('asks for every unit of a caller who comes now and then, and strands none', async () => {
    const store = new CountingStore();
    const window = openWindow(store, { rule: perMinute(6_000), sharers: 4 });
    for (let call = 0; call < 5; call++) await take(window, startMs + call * 7_000);
    expect(store.requests.map(({ wanted }) => wanted)).toEqual([1, 1, 1, 1, 1]);
    expect(window.endBlock(startMs + 28_000)).toBe(true);
  });

  it.each([
    { everyMs: 5, least: 5, most: 7 },
    { everyMs: 60, least: 8, most: 10 },
    { everyMs: 300, least: 8, most: 10 },
  ])('spends most of a block whose rest lasts long, at a call in $everyMs ms', async ({ everyMs, least, most }) => {
    const store = new CountingStore();
    const window = openWindow(store, { rule: perMinute(6_000) });
    const calls = 600;
    for (let call = 0; call < calls; call++) {
      await take(window, startMs + call * everyMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const callsOfBlock = calls / store.requests.length;
    expect(callsOfBlock).toBeGreaterThanOrEqual(least);
    expect(callsOfBlock).toBeLessThanOrEqual(most);
  });

  it('spends blocks from memory when there is traffic, and asks for the next before it runs dry', async () => {
    const store = new CountingStore();
    const window = openWindow(store, { rule: perMinute(60_000) });
    for (let call = 0; call < 500; call++) await take(window, startMs);
    const before = store.requests.length;
    expect(before).toBeLessThan(30);
    let waited = 0;
    for (let call = 0; call < 2_000; call++) {
      if (window.tryTake(startMs + Math.floor(call / 100)) === 'unknown') waited++;
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(waited).toBe(0);
    expect(store.requests.length - before).toBeLessThan(60);
    expect(Math.max(...store.requests.map(({ wanted }) => wanted))).toBe(100);
  });

  it('gives the rest of a block back when it dies, and that of the one after it, of which nothing was spent', async () => {
    const store = new CountingStore();
    const rule = perMinute(60_000);
    const window = openWindow(store, { rule });
    await takeMany(window, 40, startMs);
    const end = async (nowMs: number): Promise<boolean> => {
      const isEnded = window.endBlock(nowMs);
      await new Promise((resolve) => setImmediate(resolve));
      return isEnded;
    };
    expect(await end(startMs + 5_999)).toBe(false);
    expect(await end(startMs + 6_000)).toBe(false);
    expect(await end(startMs + 12_000)).toBe(false);
    expect(store.requests.slice(-2).map(({ wanted }) => wanted > 0)).toEqual([true, false]);
    expect(await end(startMs + 12_000)).toBe(true);
    const other = openWindow(store, { rule });
    await take(other, startMs + 12_001);
    expect(other.remaining(startMs + 12_001)).toBe(60_000 - 41);
  });

  /** A minute's windows begin anew at second 40 of the test. */
  it.each([
    { algorithm: 'sliding_window', everyMs: 500, waits: 2 },
    { algorithm: 'sliding_window', everyMs: 1_000, waits: 2 },
    { algorithm: 'sliding_window', everyMs: 2_500, waits: 2 },
    { algorithm: 'gcra', everyMs: 1_000, waits: 2 },
    { algorithm: 'fixed_window', everyMs: 1_300, waits: 2 },
  ] as const)('lets a caller who comes every $everyMs ms wait for a block once ($algorithm)', async (caller) => {
    const { algorithm, everyMs } = caller;
    const store = new CountingStore();
    const window = openWindow(store, { rule: { ...perMinute(6_000), algorithm }, sharers: 4 });
    let waits = 0;
    const calls = Math.round(120_000 / everyMs);
    for (let call = 0; call < calls; call++) {
      const nowMs = startMs + call * everyMs;
      for (let ms = nowMs - everyMs; ms < nowMs; ms += 100) {
        window.endBlock(ms);
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (window.tryTake(nowMs) !== 'unknown') continue;
      waits++;
      await new Promise<void>((resolve) => window.wait(nowMs, { onTakeVerdict: () => resolve() }));
    }
    // The first call has a unit of its own; the second finds that there is traffic.
    expect(waits).toBe(caller.waits);
    expect(store.requests.length).toBeLessThanOrEqual(4 + 120_000 / 6_000 + calls / 9);
  });

  it('is as good as new when everything has left it', async () => {
    const window = openWindow(new CountingStore(), { rule: perMinute(10) });
    await takeMany(window, 1, startMs);
    expect(window.isIdle(startMs + 60_000)).toBe(false);
    expect(window.isIdle(startMs + 66_000)).toBe(true);
    expect(window.remaining(startMs + 66_000)).toBe(10);
  });
});

describe('a shared window whose store is away', () => {
  const verdictsOf = async (withoutStore: WithoutStore, policy: 'shared' | 'leased') => {
    const store = new CountingStore();
    store.isDown = true;
    const window = openWindow(store, { rule: perMinute(100), withoutStore, policy, sharers: 4 });
    const counts: Record<string, number> = {};
    for (let call = 0; call < 200; call++) {
      const { verdict } = await take(window, startMs);
      counts[verdict] = (counts[verdict] ?? 0) + 1;
    }
    return counts;
  };

  it.each(['shared', 'leased'] as const)(
    'goes on with its share, or admits all, or none, as the plan says (%s)',
    async (policy) => {
      expect(await verdictsOf('local', policy)).toEqual({ taken: 25, full: 175 });
      expect(await verdictsOf('fail_open', policy)).toEqual({ taken: 200 });
      expect(await verdictsOf('fail_closed', policy)).toEqual({ unavailable: 200 });
    },
  );

  it('makes the first request wait for the time-out and no other, and asks for a new connection', async () => {
    const store = new CountingStore();
    store.isSilent = true;
    const window = openWindow(store, { rule: perMinute(100), withoutStore: 'fail_open' });
    const startedAt = performance.now();
    expect((await take(window, startMs)).verdict).toBe('taken');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(25);
    expect(window.tryTake(startMs)).toBe('taken');
    expect([store.requests.length, store.reconnects]).toEqual([1, 1]);
  });

  it('tells the store afterwards what it admitted, and gives nothing away when the store comes and goes', async () => {
    const store = new CountingStore();
    const window = openWindow(store, { rule: perMinute(100), policy: 'shared', sharers: 2 });
    store.isDown = true;
    expect(await takeMany(window, 60, startMs)).toBe(50);
    store.isDown = false;
    await new Promise((resolve) => setTimeout(resolve, 260));
    window.tryTake(startMs + 1);
    await new Promise((resolve) => setImmediate(resolve));
    store.isDown = true;
    expect(await takeMany(window, 60, startMs + 2)).toBe(0);
    store.isDown = false;
    const other = openWindow(store, { rule: perMinute(100), policy: 'shared', sharers: 2 });
    expect(await takeMany(other, 100, startMs + 3)).toBe(50);
  });
});

describe('those who wait for a window', () => {
  it('are not kept when they have been told, however old the window is', async () => {
    v8.setFlagsFromString('--expose-gc');
    const collectYoung = vm.runInNewContext('() => gc({ type: "minor" })') as () => void;
    const store = new CountingStore();
    const rule = perMinute(100_000);
    const windows = Array.from({ length: 100 }, () => openWindow(store, { rule, policy: 'shared' }));
    const takeFromAll = (nowMs: number): Promise<unknown> =>
      Promise.all(
        windows.map(
          (window) =>
            new Promise<void>((resolve) => {
              // What a call has of memory, more or less, for as long as its waiter is kept.
              const held = Array.from({ length: 5_000 }, (_, index) => index + 0.5);
              window.wait(nowMs, { onTakeVerdict: () => held.length > 0 && resolve() });
            }),
        ),
      );
    const oldBytes = (): number =>
      v8.getHeapSpaceStatistics().find((space) => space.space_name === 'old_space')!.space_used_size;
    await takeFromAll(startMs);
    for (let round = 0; round < 3; round++) collectYoung();
    const before = oldBytes();
    await takeFromAll(startMs + 1);
    for (let round = 0; round < 3; round++) collectYoung();
    expect(oldBytes() - before).toBeLessThan(1_000_000);
  });
});
