import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FixedWindowLimiter } from './fixed-window-limiter.js';

const steps = fc.array(fc.record({ gap: fc.nat(400), isKept: fc.boolean() }), { maxLength: 300 });

describe('a fixed window', () => {
  it('admits exactly what the definition admits, refusals and given back units aside', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 900 }), steps, (limit, windowMs, all) => {
        const limiter = new FixedWindowLimiter(limit, windowMs);
        const kept = new Map<number, number>();
        let time = 1_700_000_000_000;
        for (const { gap, isKept } of all) {
          time += gap;
          const window = Math.floor(time / windowMs);
          const used = kept.get(window) ?? 0;
          expect(limiter.remaining(time)).toBe(limit - used);
          expect(limiter.tryTake(time)).toBe(used < limit);
          if (used === limit) {
            const waitMs = limiter.nextUnitInMs(time);
            expect(Math.floor((time + waitMs - 1) / windowMs)).toBe(window);
            expect((time + waitMs) % windowMs).toBe(0);
          } else if (isKept) kept.set(window, used + 1);
          else limiter.giveBack(time);
        }
      }),
    );
  });

  it('does not count a unit of an earlier window that comes back late', () => {
    const limiter = new FixedWindowLimiter(1, 1_000);
    limiter.tryTake(999);
    expect(limiter.tryTake(1_000)).toBe(true);
    limiter.giveBack(999);
    expect(limiter.tryTake(1_001)).toBe(false);
  });
});
