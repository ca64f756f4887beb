import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyCodes } from '../money/currency.js';
import { toMinorUnits } from '../money/minor-units.js';
import { InvalidError } from '../problem/tollgate-error.js';
import { monthlyPeriod } from './monthly-period.js';
import { shareOfPeriod } from './period-share.js';

describe('shareOfPeriod', () => {
  const january = { startMs: Date.UTC(2026, 0, 1), endMs: Date.UTC(2026, 1, 1) };
  const share = (fromDay: number, toDay: number) => ({
    startMs: Date.UTC(2026, 0, fromDay),
    endMs: Date.UTC(2026, 0, toDay),
  });

  it('divides by the milliseconds of the full period', () => {
    expect(shareOfPeriod(new Big('31'), share(1, 16), january).toFixed()).toBe('15');
    expect(shareOfPeriod(new Big('1000'), share(1, 16), january).round(4).toFixed()).toBe('483.871');
    expect(shareOfPeriod(new Big('10'), january, january).toFixed()).toBe('10');
    expect(shareOfPeriod(new Big('10'), share(5, 5), january).toFixed()).toBe('0');
  });

  it('refuses a period without length and a part that ends before it starts', () => {
    expect(() => shareOfPeriod(new Big(1), january, share(1, 1))).toThrow(InvalidError);
    expect(() => shareOfPeriod(new Big(1), share(2, 1), january)).toThrow(InvalidError);
  });

  it('settles as exact fractions do, half away from zero, in every currency and at any cut of any month', () => {
    const anAnchor = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2050, 0, 1) });
    fc.assert(
      fc.property(
        fc.constantFrom(...currencyCodes),
        fc.bigInt(0n, 10n ** 9n),
        anAnchor,
        fc.integer({ min: 0, max: 600 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (currency, amountMinor, anchorMs, index, cut) => {
          const month = monthlyPeriod(anchorMs, index);
          const ofMs = month.endMs - month.startMs;
          const partMs = Math.floor(cut * ofMs);
          const part = { startMs: month.startMs, endMs: month.startMs + partMs };
          const unit = new Big(1).div(`1e${toMinorUnits(new Big(1), currency).toString().length - 1}`);
          const major = new Big(amountMinor.toString()).times(unit);
          const exact = (2n * amountMinor * BigInt(partMs) + BigInt(ofMs)) / (2n * BigInt(ofMs));
          expect(toMinorUnits(shareOfPeriod(major, part, month), currency)).toBe(exact);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
