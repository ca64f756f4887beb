import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GcraLimiter } from './gcra-limiter.js';

const someGaps = fc.array(fc.nat(300), { minLength: 1, maxLength: 200 });
const someRule = fc.record({
  limit: fc.integer({ min: 1, max: 40 }),
  windowMs: fc.integer({ min: 1, max: 3_000 }),
  burst: fc.integer({ min: 1, max: 20 }),
});

/** The bucket by its definition, in whole parts of a unit: `windowMs` parts are a unit, a millisecond brings `limit`. */
function admissionsByDefinition(
  { limit, windowMs, burst }: { limit: number; windowMs: number; burst: number },
  times: readonly number[],
): boolean[] {
  const full = BigInt(burst) * BigInt(windowMs);
  let parts = full;
  let last = times[0]!;
  return times.map((time) => {
    parts += BigInt(time - last) * BigInt(limit);
    if (parts > full) parts = full;
    last = time;
    if (parts < BigInt(windowMs)) return false;
    parts -= BigInt(windowMs);
    return true;
  });
}

const timesOf = (gaps: readonly number[]) => {
  let time = 1_700_000_000_000;
  return gaps.map((gap) => (time += gap));
};

describe('the generic cell rate algorithm', () => {
  it('admits exactly what a bucket of whole parts admits', () => {
    fc.assert(
      fc.property(someRule, someGaps, (rule, gaps) => {
        const limiter = new GcraLimiter(rule.limit, rule.windowMs, rule.burst);
        const times = timesOf(gaps);
        expect(times.map((time) => limiter.tryTake(time))).toEqual(admissionsByDefinition(rule, times));
      }),
    );
  });

  it('never admits more than burst + rate · t in any span of t', () => {
    fc.assert(
      fc.property(someRule, someGaps, ({ limit, windowMs, burst }, gaps) => {
        const limiter = new GcraLimiter(limit, windowMs, burst);
        const admitted = timesOf(gaps).filter((time) => limiter.tryTake(time));
        for (const [from, start] of admitted.entries()) {
          for (const [to, end] of admitted.entries()) {
            if (to < from) continue;
            expect((to - from + 1 - burst) * windowMs).toBeLessThanOrEqual((end - start) * limit);
          }
        }
      }),
    );
  });

  it('says when the next unit comes back, and admits then and not a millisecond before', () => {
    fc.assert(
      fc.property(someRule, someGaps, ({ limit, windowMs, burst }, gaps) => {
        const limiter = new GcraLimiter(limit, windowMs, burst);
        for (const time of timesOf(gaps)) {
          if (limiter.tryTake(time)) continue;
          const waitMs = limiter.nextUnitInMs(time);
          expect(limiter.remaining(time + waitMs - 1)).toBe(0);
          expect(limiter.tryTake(time + waitMs)).toBe(true);
          return;
        }
      }),
    );
  });

  it('keeps the bound when units are given back late', () => {
    const steps = fc.array(fc.record({ gap: fc.nat(300), givesBack: fc.boolean(), delay: fc.nat(3) }), {
      maxLength: 150,
    });
    fc.assert(
      fc.property(someRule, steps, ({ limit, windowMs, burst }, all) => {
        const limiter = new GcraLimiter(limit, windowMs, burst);
        const admitted: number[] = [];
        const pending: { takenAtMs: number; afterSteps: number }[] = [];
        let time = 1_700_000_000_000;
        for (const { gap, givesBack, delay } of all) {
          time += gap;
          limiter.remaining(time);
          for (const entry of pending.splice(0)) {
            if (entry.afterSteps === 0) limiter.giveBack(entry.takenAtMs);
            else pending.push({ ...entry, afterSteps: entry.afterSteps - 1 });
          }
          if (!limiter.tryTake(time)) continue;
          if (givesBack) pending.push({ takenAtMs: time, afterSteps: delay });
          else admitted.push(time);
        }
        for (const [from, start] of admitted.entries()) {
          for (const [to, end] of admitted.entries()) {
            if (to < from) continue;
            expect((to - from + 1 - burst) * windowMs).toBeLessThanOrEqual((end - start) * limit);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('spends nothing for what is given back at once, and nothing when it refuses', () => {
    const limiter = new GcraLimiter(1, 1_000, 2);
    expect([limiter.tryTake(0), limiter.tryTake(0), limiter.tryTake(0)]).toEqual([true, true, false]);
    limiter.giveBack(0);
    expect([limiter.remaining(0), limiter.nextUnitInMs(0)]).toEqual([1, 1_000]);
    limiter.giveBack(0);
    limiter.giveBack(0);
    expect([limiter.remaining(5), limiter.nextUnitInMs(5)]).toEqual([2, 0]);
  });
});
