import { describe, expect, it } from 'vitest';
import { formatAmount, formatMinor, isZero, sumByCurrency } from './money.js';

describe('formatAmount', () => {
  it('keeps all decimal places of a rate and gives a price at least those of its currency', () => {
    expect(formatAmount('0.0025', 'USD')).toBe('$0.0025');
    expect(formatAmount('0.000000000001', 'USD')).toBe('$0.000000000001');
    expect(formatAmount('29', 'USD')).toBe('$29.00');
    expect(formatAmount('1200', 'JPY')).toBe('JPY 1,200');
  });
});

describe('formatMinor', () => {
  it('places the point where the currency has it', () => {
    expect(formatMinor(5n, 'USD')).toBe('$0.05');
    expect(formatMinor(-123456n, 'USD')).toBe('-$1,234.56');
    expect(formatMinor(-123456n, 'EUR')).toBe('-EUR 1,234.56');
    expect(formatMinor(1200n, 'JPY')).toBe('JPY 1,200');
    expect(formatMinor(90071992547409931234n, 'EUR')).toBe('EUR 900,719,925,474,099,312.34');
  });
});

it('knows nothing from something', () => {
  expect(['0', '0.00', '00', '', '0.001', '10'].map(isZero)).toEqual([true, true, true, true, false, false]);
});

it('never adds amounts of different currencies', () => {
  const sums = sumByCurrency([
    { amountMinor: '100', currency: 'USD' },
    { amountMinor: '250', currency: 'EUR' },
    { amountMinor: '1', currency: 'USD' },
  ]);
  expect(sums).toEqual(['$1.01', 'EUR 2.50']);
});
