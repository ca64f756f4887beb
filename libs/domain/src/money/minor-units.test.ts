import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyCodes, minorDigits } from './currency.js';
import { formatMinor, formatMoney, groupThousands, toMinorUnits } from './minor-units.js';

const aCurrency = fc.constantFrom(...currencyCodes);
const anAmount = fc.bigInt(-(10n ** 20n), 10n ** 20n);

describe('toMinorUnits', () => {
  it.each([
    ['0', 'USD', 0n],
    ['12.34', 'USD', 1234n],
    ['4.00455', 'USD', 400n],
    ['0.004999999999999999999999', 'USD', 0n],
    ['0.005', 'USD', 1n],
    ['0.015', 'USD', 2n],
    ['0.025', 'USD', 3n],
    ['1.005', 'USD', 101n],
    ['-0.005', 'USD', -1n],
    ['-0.004', 'USD', 0n],
    ['-1.005', 'USD', -101n],
    ['0.5', 'JPY', 1n],
    ['0.49', 'JPY', 0n],
    ['1.2345', 'KWD', 1235n],
    ['1.00005', 'CLF', 10001n],
    ['99999999999999999999999999.995', 'USD', 10_000_000_000_000_000_000_000_000_000n],
  ])('settles %s %s to %s, halves away from zero', (amount, currency, expected) => {
    expect(toMinorUnits(new Big(amount), currency)).toBe(expected);
  });

  it('is never more than half a minor unit away from the exact amount', () => {
    fc.assert(
      fc.property(anAmount, aCurrency, (scaled, currency) => {
        const exact = new Big(scaled.toString()).times('1e-12');
        const rounded = new Big(toMinorUnits(exact, currency).toString()).times(`1e-${minorDigits(currency)}`);
        const halfUnit = new Big(5).times(`1e-${minorDigits(currency) + 1}`);
        expect(rounded.minus(exact).abs().lte(halfUnit)).toBe(true);
      }),
    );
  });

  it('treats a charge and its reversal alike', () => {
    fc.assert(
      fc.property(anAmount, (scaled) => {
        const exact = new Big(scaled.toString()).times('1e-3');
        expect(toMinorUnits(exact.neg(), 'USD')).toBe(-toMinorUnits(exact, 'USD'));
      }),
    );
  });

  it('refuses an unknown currency', () => {
    expect(() => toMinorUnits(new Big(1), 'usd')).toThrow(/ISO 4217/);
  });
});

describe('formatMinor', () => {
  it.each([
    [1234n, 'USD', '12.34'],
    [5n, 'USD', '0.05'],
    [0n, 'USD', '0.00'],
    [-5n, 'USD', '-0.05'],
    [-1234n, 'USD', '-12.34'],
    [1234n, 'JPY', '1234'],
    [0n, 'JPY', '0'],
    [1234n, 'KWD', '1.234'],
    [1n, 'CLF', '0.0001'],
    [9_007_199_254_740_993n, 'USD', '90071992547409.93'],
  ])('writes %s minor units of %s as %s', (amountMinor, currency, expected) => {
    expect(formatMinor(amountMinor, currency)).toBe(expected);
  });

  it('is undone by toMinorUnits for every currency and amount', () => {
    fc.assert(
      fc.property(anAmount, aCurrency, (amountMinor, currency) => {
        expect(toMinorUnits(new Big(formatMinor(amountMinor, currency)), currency)).toBe(amountMinor);
      }),
    );
  });
});

describe('formatMoney', () => {
  it.each([
    [123_450n, 'USD', '$1,234.50'],
    [123_450n, 'EUR', 'EUR 1,234.50'],
    [123_450n, 'CAD', 'CAD 1,234.50'],
    [1_234_567n, 'JPY', 'JPY 1,234,567'],
    [1_234_567n, 'KWD', 'KWD 1,234.567'],
    [99n, 'USD', '$0.99'],
    [99_999n, 'USD', '$999.99'],
    [100_000_000n, 'USD', '$1,000,000.00'],
    [-5n, 'USD', '-$0.05'],
    [-123_450n, 'EUR', '-EUR 1,234.50'],
  ])('shows %s minor units of %s as %s', (amountMinor, currency, expected) => {
    expect(formatMoney(amountMinor, currency)).toBe(expected);
  });
});

describe('groupThousands', () => {
  it.each([
    ['0', '0'],
    ['999', '999'],
    ['1000', '1,000'],
    ['1234567.000100', '1,234,567.000100'],
    ['0.123456', '0.123456'],
  ])('groups %s as %s, and never after the point', (decimal, expected) => {
    expect(groupThousands(decimal)).toBe(expected);
  });
});

describe('settling to a step', () => {
  it.each([
    ['1.2344', 10, 1230n],
    ['1.235', 10, 1240n],
    ['1.23499999', 10, 1230n],
    ['-1.235', 10, -1240n],
    ['0.0049', 10, 0n],
  ])('settles %s KWD in steps of %i fils to %s', (amount, step, expected) => {
    expect(toMinorUnits(new Big(amount), 'KWD', step)).toBe(expected);
  });
});
