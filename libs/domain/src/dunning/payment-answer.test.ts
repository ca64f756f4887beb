import { describe, expect, it } from 'vitest';
import { paymentAnswer } from './payment-answer.js';

describe('paymentAnswer', () => {
  it('takes only what the provider decided for an answer', () => {
    expect([null, 'reconcile_hold', 'payment_pending'].map(paymentAnswer)).toEqual(['none', 'none', 'none']);
    expect(['insufficient_funds', 'payment_method_missing'].map(paymentAnswer)).toEqual(['failed', 'failed']);
    expect(paymentAnswer('authentication_required')).toBe('action_required');
  });
});
