import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { MemoryQuotaStore } from '../../../../test/support/memory-quota-leases.js';
import { MICRO, QuotaHand, type QuotaVerdict } from './quota-hand.js';

const key = { organizationId: 'o', subscriptionId: 's', meter: 'requests', periodStartMs: 0 };

function handOf(store: MemoryQuotaStore, limit: number, gateways = 1): QuotaHand {
  return new QuotaHand(key, limit, store.forGateway(gateways));
}

function reserve(hand: QuotaHand, limit: number, units = 1): Promise<QuotaVerdict> {
  if (hand.tryReserve(units * MICRO, limit)) return Promise.resolve('reserved');
  return new Promise((resolve) => hand.wait(units * MICRO, { onQuotaVerdict: resolve }));
}

async function reserveMany(hand: QuotaHand, limit: number, count: number): Promise<QuotaVerdict[]> {
  return Promise.all(Array.from({ length: count }, () => reserve(hand, limit)));
}

const count = (verdicts: readonly QuotaVerdict[], verdict: QuotaVerdict) =>
  verdicts.filter((other) => other === verdict).length;

describe('a hand of quota units', () => {
  it('admits exactly the limit, one after the other, and then says that it is exceeded', async () => {
    const hand = handOf(new MemoryQuotaStore(), 250);
    for (let index = 0; index < 250; index++) {
      expect(await reserve(hand, 250)).toBe('reserved');
      hand.use(MICRO);
    }
    expect(await reserve(hand, 250)).toBe('exceeded');
    expect(hand.remaining()).toBe(0);
  });

  it('admits exactly the limit of many requests at once', async () => {
    const hand = handOf(new MemoryQuotaStore(), 137);
    const verdicts = await reserveMany(hand, 137, 500);
    expect(count(verdicts, 'reserved')).toBe(137);
    expect(count(verdicts, 'lent_elsewhere')).toBe(363);
  });

  it('never lets several gateways use more than the limit, whatever ends how and when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 4 }), fc.boolean()), { maxLength: 120 }),
        async (limit, requests) => {
          const store = new MemoryQuotaStore();
          const hands = [handOf(store, limit, 3), handOf(store, limit, 3), handOf(store, limit, 3)];
          let used = 0;
          for (const [gateway, units, counts] of requests) {
            const hand = hands[gateway]!;
            if ((await reserve(hand, limit, units)) !== 'reserved') continue;
            if (counts) {
              hand.use(units * MICRO);
              used += units;
            } else {
              hand.release(units * MICRO);
            }
            expect(store.used + store.lent).toBeLessThanOrEqual(limit);
          }
          expect(used).toBeLessThanOrEqual(limit);
          await Promise.all(hands.map((hand) => hand.settle()));
          expect([store.used, store.lent]).toEqual([used, 0]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('spends nothing that was lent under a higher limit, once the limit is lower', async () => {
    const store = new MemoryQuotaStore();
    const hand = handOf(store, 1000);
    for (let index = 0; index < 5; index++) {
      expect(await reserve(hand, 1000)).toBe('reserved');
      hand.use(MICRO);
    }
    expect(store.lent).toBeGreaterThan(8);
    for (let index = 0; index < 3; index++) {
      expect(await reserve(hand, 8)).toBe('reserved');
      hand.use(MICRO);
    }
    expect(await reserve(hand, 8)).toBe('exceeded');
    expect(store.used + store.lent).toBe(8);
    expect(await reserve(hand, 9)).toBe('reserved');
    hand.use(MICRO);
    expect(await reserve(hand, 9)).toBe('exceeded');
  });

  it('gives back what a question brings that was asked under a higher limit', async () => {
    const store = new MemoryQuotaStore();
    const hand = handOf(store, 1000);
    const first = reserve(hand, 1000);
    const others = await Promise.all(Array.from({ length: 5 }, () => reserve(hand, 2)));
    expect(count([await first, ...others], 'reserved')).toBe(2);
    expect(store.used + store.lent).toBe(2);
  });

  it('takes back the units of requests that do not count', async () => {
    const hand = handOf(new MemoryQuotaStore(), 1);
    for (let index = 0; index < 5; index++) {
      expect(await reserve(hand, 1)).toBe('reserved');
      hand.release(MICRO);
    }
  });

  it('counts weights with decimals exactly', async () => {
    const hand = handOf(new MemoryQuotaStore(), 10);
    for (let index = 0; index < 20; index++) {
      expect(await reserve(hand, 10, 0.5)).toBe('reserved');
      hand.use(MICRO / 2);
    }
    expect(await reserve(hand, 10, 0.5)).toBe('exceeded');
  });

  it('refuses a heavy request for good when too little is left, and still admits a light one', async () => {
    const hand = handOf(new MemoryQuotaStore(), 7);
    expect(await reserve(hand, 7, 5)).toBe('reserved');
    hand.use(5 * MICRO);
    expect(await reserve(hand, 7, 5)).toBe('exceeded');
    expect(await reserve(hand, 7, 1)).toBe('reserved');
  });

  it('asks for the next block before it is dry', async () => {
    const store = new MemoryQuotaStore();
    const hand = handOf(store, 100_000);
    await reserve(hand, 100_000);
    for (let index = 0; index < 2_000; index++) {
      expect(hand.tryReserve(MICRO, 100_000)).toBe(true);
      await Promise.resolve();
      await new Promise(setImmediate);
    }
    expect(store.calls).toBeLessThan(60);
  });

  it('serves from what it holds while the store is down, then says that it is unavailable', async () => {
    const store = new MemoryQuotaStore();
    const hand = handOf(store, 50);
    await reserve(hand, 50);
    store.isDown = true;
    expect(hand.tryReserve(MICRO, 50)).toBe(true);
    const verdicts = await reserveMany(hand, 50, 100);
    expect(count(verdicts, 'reserved')).toBe(23);
    expect(count(verdicts, 'unavailable')).toBe(77);
  });

  it('waits for a store that is slow, but not for ever: for the first answer longer than for later ones', async () => {
    vi.useFakeTimers();
    try {
      const store = new MemoryQuotaStore();
      const [known, fresh] = [handOf(store, 5_000), handOf(store, 5_000)];
      store.answer = () => new Promise((resolve) => setTimeout(resolve, 600));
      const asked = { known: reserve(known, 5_000), later: '', first: '' };
      await vi.advanceTimersByTimeAsync(600);
      expect(await asked.known).toBe('reserved');
      store.answer = () => new Promise(() => undefined);
      void reserve(known, 5_000, 4_000).then((verdict) => (asked.later = verdict));
      void reserve(fresh, 5_000).then((verdict) => (asked.first = verdict));
      await vi.advanceTimersByTimeAsync(260);
      expect(asked).toMatchObject({ later: 'unavailable', first: '' });
      await vi.advanceTimersByTimeAsync(2_250);
      expect(asked.first).toBe('unavailable');
      const again = reserve(fresh, 5_000);
      await vi.advanceTimersByTimeAsync(260);
      expect(await again).toBe('unavailable');
    } finally {
      vi.useRealTimers();
    }
  });

  it('lets another gateway have what lies idle, until that one knows that all is used', async () => {
    const store = new MemoryQuotaStore();
    const [rich, poor] = [handOf(store, 10), handOf(store, 10)];
    expect(await reserve(rich, 10, 4)).toBe('reserved');
    rich.use(4 * MICRO);
    let used = 4;
    for (let verdict: QuotaVerdict = 'reserved'; verdict !== 'exceeded';) {
      verdict = await reserve(poor, 10);
      if (verdict === 'reserved') {
        poor.use(MICRO);
        used++;
      } else {
        await rich.giveBack();
        await new Promise((resolve) => setTimeout(resolve, 260));
      }
      expect(store.used + store.lent).toBeLessThanOrEqual(10);
    }
    expect(used).toBe(10);
    await rich.settle();
    await poor.settle();
    expect([store.used, store.lent]).toEqual([10, 0]);
  });
});
