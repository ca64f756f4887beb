import { describe, expect, it } from 'vitest';
import { subscriptionStatus } from './subscription-status.js';

const at = new Date('2026-02-10T00:00:00Z');
const base = { state: 'active', paymentState: 'current', suspendedFor: [], cancelAt: null, trialEndsAt: null } as const;

describe('the status of a subscription', () => {
  it('is canceled from the instant of its cancellation on, and not a millisecond before', () => {
    expect(subscriptionStatus({ ...base, cancelAt: new Date(at.getTime() + 1) }, at)).toBe('cancel_scheduled');
    expect(subscriptionStatus({ ...base, cancelAt: at }, at)).toBe('canceled');
    expect(subscriptionStatus({ ...base, state: 'canceled' }, at)).toBe('canceled');
    expect(subscriptionStatus({ ...base, state: 'pending_approval' }, at)).toBe('pending_approval');
  });

  it('says first what is refused, then what is owed, then what is planned', () => {
    const cancelAt = new Date(at.getTime() + 1);
    const suspendedFor = ['operator'] as const;
    expect(subscriptionStatus({ ...base, paymentState: 'past_due', suspendedFor, cancelAt }, at)).toBe('suspended');
    expect(subscriptionStatus({ ...base, paymentState: 'past_due', cancelAt }, at)).toBe('past_due');
    expect(subscriptionStatus({ ...base, suspendedFor, cancelAt: at }, at)).toBe('canceled');
    const trialEndsAt = new Date(at.getTime() + 1);
    expect(subscriptionStatus({ ...base, cancelAt, trialEndsAt }, at)).toBe('cancel_scheduled');
    expect(subscriptionStatus({ ...base, trialEndsAt }, at)).toBe('trialing');
    expect(subscriptionStatus(base, at)).toBe('active');
  });
});
