import { describe, expect, it } from 'vitest';
import { fromStripeAmount, toStripeAmount } from './stripe-amount.js';

describe('amounts', () => {
  it('go to Stripe and back without loss', () => {
    for (const amountMinor of [0n, 1n, -1n, 99_999_999n, 999_999_999_999n]) {
      expect(fromStripeAmount(toStripeAmount(amountMinor, 'it'))).toBe(amountMinor);
    }
  });

  it('that a JSON number could not hold are refused, and so are fractions of a minor unit', () => {
    expect(() => toStripeAmount(10n ** 16n, 'Line base')).toThrow('Line base is 10000000000000000');
    expect(() => fromStripeAmount(12.5)).toThrow(RangeError);
  });
});
