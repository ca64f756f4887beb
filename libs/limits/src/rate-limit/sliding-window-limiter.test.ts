import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlidingWindowLimiter } from './sliding-window-limiter.js';

/** The definition, written down as plainly as possible. */
function admissionsByDefinition(limit: number, windowMs: number, times: readonly number[]): boolean[] {
  const admitted: number[] = [];
  return times.map((time) => {
    if (admitted.filter((at) => time - at < windowMs).length >= limit) return false;
    admitted.push(time);
    return true;
  });
}

/** `times` ascend. */
function mostInAnyWindow(times: readonly number[], windowMs: number): number {
  let [most, first] = [0, 0];
  for (const [index, time] of times.entries()) {
    while (time - times[first]! >= windowMs) first++;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

const someTimes = (maxGapMs: number) =>
  fc.array(fc.nat(maxGapMs), { maxLength: 300 }).map((gaps) => {
    let time = 1_700_000_000_000;
    return gaps.map((gap) => (time += gap));
  });

describe('a sliding window', () => {
  it('admits exactly what the definition admits for limits up to 1,024', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 500 }),
        someTimes(60),
        (limit, windowMs, times) => {
          const limiter = new SlidingWindowLimiter(limit, windowMs);
          expect(times.map((time) => limiter.tryTake(time))).toEqual(admissionsByDefinition(limit, windowMs, times));
        },
      ),
    );
  });

  it('never admits more than a large limit in any window, and loses at most 0.1 % of the window', () => {
    const [limit, windowMs] = [2_000, 10_240];
    const limiter = new SlidingWindowLimiter(limit, windowMs);
    const admitted: number[] = [];
    for (let time = 0; time < 60_000; time += 2) if (limiter.tryTake(time)) admitted.push(time);
    expect(mostInAnyWindow(admitted, windowMs)).toBe(limit);
    expect(admitted.length).toBeGreaterThan(limit * 5);
  });

  it('spends nothing when it refuses', () => {
    const limiter = new SlidingWindowLimiter(1, 1_000);
    expect(limiter.tryTake(0)).toBe(true);
    for (let time = 1; time < 1_000; time++) expect(limiter.tryTake(time)).toBe(false);
    expect(limiter.tryTake(1_000)).toBe(true);
  });

  it('says when the next unit comes back, and admits then and not a millisecond before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000 }),
        fc.integer({ min: 10, max: 90_000 }),
        someTimes(500),
        (limit, windowMs, times) => {
          const limiter = new SlidingWindowLimiter(Math.ceil(limit / 100), windowMs);
          for (const time of times) {
            if (limiter.tryTake(time)) continue;
            const waitMs = limiter.nextUnitInMs(time);
            expect(limiter.remaining(time + waitMs - 1)).toBe(0);
            expect(limiter.remaining(time + waitMs)).toBeGreaterThan(0);
            return;
          }
        },
      ),
    );
  });

  it('counts as if a unit that is given back had never been taken', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(40), fc.boolean()), { maxLength: 200 }), (steps) => {
        const limiter = new SlidingWindowLimiter(5, 200);
        const kept: number[] = [];
        let time = 0;
        for (const [gap, isKept] of steps) {
          time += gap;
          const inWindow = kept.filter((at) => time - at < 200).length;
          expect(limiter.tryTake(time)).toBe(inWindow < 5);
          if (inWindow >= 5) continue;
          if (isKept) kept.push(time);
          else limiter.giveBack(time);
        }
      }),
    );
  });

  it('gives back a unit that was taken some time ago', () => {
    const limiter = new SlidingWindowLimiter(2, 1_000);
    limiter.tryTake(0);
    limiter.tryTake(10);
    limiter.giveBack(0);
    expect(limiter.remaining(20)).toBe(1);
    expect(limiter.nextUnitInMs(20)).toBe(990);
  });

  it('keeps no more than 1,025 entries however large the limit is', () => {
    const limiter = new SlidingWindowLimiter(1_000_000_000, 3_600_000);
    for (let time = 0; time < 7_200_000; time += 500) limiter.tryTake(time);
    const { slices } = limiter as unknown as { slices: Float64Array };
    expect(slices.length).toBeLessThanOrEqual(2_048);
    expect(limiter.remaining(7_200_000)).toBeGreaterThan(1_000_000_000 - 7_300);
  });
});
