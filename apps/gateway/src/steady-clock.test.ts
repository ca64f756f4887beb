import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SteadyClock } from './steady-clock.js';

function aClock(startMs: number) {
  const source = { ms: startMs, nowMs: () => source.ms, now: () => new Date(source.ms) };
  let monotonicMs = 0;
  const clock = new SteadyClock(source, () => monotonicMs);
  /** Real time passes, in which the machine's clock does as it should. */
  const pass = (ms: number): void => {
    source.ms += ms;
    monotonicMs += ms;
  };
  return { clock, source, pass };
}

describe('a steady clock', () => {
  it('goes at half the speed while the machine’s clock, which was set back, catches up', () => {
    const { clock, source, pass } = aClock(1_000_000);
    expect(clock.nowMs()).toBe(1_000_000);
    source.ms -= 20_000;
    expect([clock.nowMs(), clock.leadMs]).toEqual([1_000_000, 20_000]);
    pass(10_000);
    expect([clock.nowMs(), clock.leadMs]).toEqual([1_005_000, 15_000]);
    for (let time = 0; time < 298; time++) {
      pass(100);
      clock.nowMs();
    }
    expect(clock.leadMs).toBe(100);
    pass(200);
    expect([clock.nowMs(), clock.leadMs]).toEqual([source.ms, 0]);
    pass(1_000);
    expect(clock.nowMs()).toBe(source.ms);
  });

  it('goes on from where it was raised to', () => {
    const { clock, source, pass } = aClock(1_000);
    clock.raiseTo(5_000);
    expect(clock.nowMs()).toBe(5_000);
    pass(1_000);
    expect(clock.nowMs()).toBe(5_500);
    clock.raiseTo(5_200);
    expect(clock.nowMs()).toBe(5_500);
    source.ms = 9_000;
    expect(clock.nowMs()).toBe(9_000);
  });

  it('never steps back, and is never behind the machine’s, whatever is done to that', () => {
    const steps = fc.array(
      fc.record({ passMs: fc.nat(5_000), jumpMs: fc.integer({ min: -9_000, max: 9_000 }), raiseMs: fc.nat(3_000) }),
    );
    fc.assert(
      fc.property(steps, (all) => {
        const { clock, source, pass } = aClock(1_000_000);
        let before = clock.nowMs();
        for (const { passMs, jumpMs, raiseMs } of all) {
          pass(passMs);
          source.ms += jumpMs;
          if (raiseMs > 2_000) clock.raiseTo(before + raiseMs);
          const now = clock.nowMs();
          expect(now).toBeGreaterThanOrEqual(Math.max(before, source.ms));
          before = now;
        }
      }),
    );
  });
});
