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

  it('never lends too much, and strands nothing for good, whichever answers are lost on the way', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 60 }),
          fc.array(
            fc.record({
              gateway: fc.nat(1),
              units: fc.integer({ min: 1, max: 4 }),
              counts: fc.boolean(),
              givesBack: fc.boolean(),
              fault: fc.constantFrom('none', 'none', 'down', 'lost'),
            }),
            { maxLength: 80 },
          ),
          async (limit, requests) => {
            const store = new MemoryQuotaStore();
            const hands = [handOf(store, limit, 2), handOf(store, limit, 2)];
            let used = 0;
            for (const { gateway, units, counts, givesBack, fault } of requests) {
              // Longer than any answer is believed.
              vi.advanceTimersByTime(1_100);
              store.isDown = fault === 'down';
              store.losesAnswers = fault === 'lost';
              const hand = hands[gateway]!;
              if (givesBack) await hand.giveBack().catch(() => undefined);
              if ((await reserve(hand, limit, units)) === 'reserved') {
                if (counts) hand.use(units * MICRO);
                else hand.release(units * MICRO);
                if (counts) used += units;
              }
              expect(store.used + store.lent).toBeLessThanOrEqual(limit);
              expect(used).toBeLessThanOrEqual(store.used + store.lent);
            }
            store.isDown = false;
            store.losesAnswers = false;
            await Promise.all(hands.map((hand) => hand.settle()));
            expect([store.used, store.lent]).toEqual([used, 0]);
          },
        ),
        { numRuns: 100 },
      );
    } finally {
      vi.useRealTimers();
    }
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

  it('loses no units by an answer that is lost: the next question frees what it granted', async () => {
    const store = new MemoryQuotaStore();
    const hand = handOf(store, 10);
    expect(await reserve(hand, 10)).toBe('reserved');
    hand.use(MICRO);
    store.losesAnswers = true;
    expect(await reserve(hand, 10, 6)).toBe('unavailable');
    store.losesAnswers = false;
    expect(store.lent).toBe(5 + 2);
    await new Promise((resolve) => setTimeout(resolve, 260));
    expect(await reserve(hand, 10, 9)).toBe('reserved');
    hand.use(9 * MICRO);
    expect(await reserve(hand, 10)).toBe('exceeded');
    expect(store.used + store.lent).toBe(10);
  });

  it('ends what an answer has granted that was lost, also when nobody asks again, or when another gateway does', async () => {
    for (const end of ['settle', 'giveBack'] as const) {
      const store = new MemoryQuotaStore();
      const hand = handOf(store, 10);
      store.losesAnswers = true;
      expect(await reserve(hand, 10)).toBe('unavailable');
      expect(store.lent).toBe(5);
      store.losesAnswers = false;
      await hand[end]();
      expect([store.used, store.lent]).toEqual([0, 0]);
    }
  });

  it('gives back later what it could not give back, and forgets nothing that is used', async () => {
    const store = new MemoryQuotaStore();
    const hand = handOf(store, 8);
    for (let index = 0; index < 6; index++) {
      expect(await reserve(hand, 8)).toBe('reserved');
      hand.use(MICRO);
    }
    expect(await reserve(hand, 8)).toBe('reserved');
    hand.release(MICRO);
    store.isDown = true;
    await expect(hand.giveBack()).rejects.toThrow('does not answer');
    store.isDown = false;
    await hand.giveBack();
    await hand.giveBack();
    expect(store.used + store.lent).toBe(6);
    expect(await reserve(hand, 8, 2)).toBe('reserved');
    hand.use(2 * MICRO);
    expect(await reserve(hand, 8)).toBe('exceeded');
    await hand.settle();
    expect([store.used, store.lent]).toEqual([8, 0]);
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
