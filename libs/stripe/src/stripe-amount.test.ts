import { describe, expect, it } from 'vitest';
import { InvalidError, PaymentStateError } from '#domain';
import { fromStripeAmount, toStripeAmount } from './stripe-amount.js';

describe('amounts', () => {
  it('go to Stripe and back without loss', () => {
    for (const amountMinor of [0n, 1n, -1n, 99_999_999n, 999_999_999_999n]) {
      expect(fromStripeAmount(toStripeAmount(amountMinor, 'USD', 'it'), 'usd')).toBe(amountMinor);
    }
  });

  // https://docs.stripe.com/currencies#special-cases
  it.each([
    ['5 ISK', 'isk', 5n, 500],
    ['5 UGX', 'UGX', 5n, 500],
    ['5 MGA', 'MGA', 500n, 5],
    ['5 JPY', 'JPY', 5n, 5],
    ['5 KWD', 'KWD', 5000n, 5000],
    ['-5 ISK', 'ISK', -5n, -500],
  ])('of %s are what Stripe calls so', (_name, currency, amountMinor, atStripe) => {
    expect(toStripeAmount(amountMinor, currency, 'it')).toBe(atStripe);
    expect(fromStripeAmount(atStripe, currency)).toBe(amountMinor);
  });

  it('that a JSON number could not hold are refused, and so are fractions of a minor unit', () => {
    expect(() => toStripeAmount(10n ** 16n, 'USD', 'Line base')).toThrow('Line base is 10000000000000000');
    expect(() => toStripeAmount(10n ** 11n, 'ISK', 'Line base')).toThrow(InvalidError);
    expect(() => toStripeAmount(50n, 'MGA', 'Line base')).toThrow('steps of 100');
    expect(() => fromStripeAmount(12.5, 'USD')).toThrow(RangeError);
    expect(() => fromStripeAmount(4010, 'ISK')).toThrow(PaymentStateError);
  });
});
