import { describe, expect, it } from 'vitest';
import { createStripePaymentProvider } from './stripe-payment-provider.js';

const options = { secretKey: 'sk_test_1', webhookSecret: 'whsec_1', allowLive: false };

describe('the least that is charged', () => {
  it('is what Stripe publishes, unless another amount is set', () => {
    const provider = createStripePaymentProvider({ ...options, minimumCharges: { KWD: 150n, USD: 0n } });
    const least = ['EUR', 'GBP', 'JPY', 'HUF', 'KWD', 'USD'].map((currency) => provider.minimumChargeMinor(currency));
    expect(least).toEqual([50n, 30n, 50n, 17_500n, 150n, 0n]);
  });
});
