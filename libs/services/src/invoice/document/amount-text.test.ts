import { describe, expect, it } from 'vitest';
import { exactMoney, tierLabel, utcDate, utcMinute } from './amount-text.js';

describe('amounts and dates on an invoice', () => {
  it.each([
    ['0.0025', 'USD', '$0.0025'],
    ['5', 'USD', '$5.00'],
    ['1234567.5', 'EUR', 'EUR 1,234,567.50'],
    ['12', 'JPY', 'JPY 12'],
    ['0.5', 'JPY', 'JPY 0.5'],
    ['1.2', 'KWD', 'KWD 1.200'],
  ])('shows %s %s exactly as %s', (amount, currency, shown) => {
    expect(exactMoney(amount, currency)).toBe(shown);
  });

  it.each([
    ['0', null, 'Every unit'],
    ['0', '1000', 'First 1,000'],
    ['1000', '25000', '1,000 to 25,000'],
    ['25000', null, 'Above 25,000'],
  ])('names the tier from %s to %s "%s"', (from, upTo, label) => {
    expect(tierLabel({ from, upTo, units: '1', unitAmount: '1', flatAmount: '0', amount: '1' })).toBe(label);
  });

  it('shows instants in UTC', () => {
    const at = new Date('2026-02-28T23:59:59+01:00');
    expect(utcDate(at)).toBe('28 Feb 2026');
    expect(utcMinute(at)).toBe('28 Feb 2026, 22:59');
  });
});
