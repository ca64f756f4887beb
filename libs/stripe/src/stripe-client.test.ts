import { describe, expect, it } from 'vitest';
import { createStripePaymentProvider } from './stripe-payment-provider.js';

const options = { secretKey: 'sk_test_1', webhookSecret: 'whsec_1', allowLive: false };

describe('createStripePaymentProvider', () => {
  it.each(['sk_live_1', 'rk_live_1'])('refuses %s unless live keys are allowed', (secretKey) => {
    expect(() => createStripePaymentProvider({ ...options, secretKey })).toThrow('live key');
    expect(() => createStripePaymentProvider({ ...options, secretKey, allowLive: true })).not.toThrow();
  });

  it.each(['127.0.0.1:4090', 'ftp://127.0.0.1', 'http://127.0.0.1:4090/v1', 'nonsense'])(
    'refuses %s as the address of the API',
    (apiBase) => {
      expect(() => createStripePaymentProvider({ ...options, apiBase })).toThrow('STRIPE_API_BASE');
    },
  );
});
