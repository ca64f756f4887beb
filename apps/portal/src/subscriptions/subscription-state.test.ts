import { expect, it } from 'vitest';
import { subscriptionState } from './subscription-state.js';

it('calls no subscription active while the calls of its organization are refused', () => {
  expect(subscriptionState('active').label).toBe('Active');
  for (const state of ['active', 'trialing', 'past_due', 'cancel_scheduled'])
    expect(subscriptionState(state, true)).toEqual({ label: 'Suspended', tone: 'danger' });
  expect(subscriptionState('canceled', true).label).toBe('Canceled');
  expect(subscriptionState('pending_approval', true).label).toBe('Waits for approval');
});

it('names a state that it does not know as it is', () => {
  expect(subscriptionState('on_hold').label).toBe('on hold');
});
