import { describe, expect, it } from 'vitest';
import { ConflictError } from '../problem/tollgate-error.js';
import {
  canMoveSubscription,
  moveSubscription,
  type SubscriptionState,
  subscriptionTransitions,
} from './subscription-state.js';

const states = Object.keys(subscriptionTransitions) as SubscriptionState[];
const allowed = ['pending_payment_method → active', 'pending_payment_method → canceled', 'active → canceled'];
const pairs = states.flatMap((from) => states.map((to) => ({ from, to, name: `${from} → ${to}` })));

describe('subscription transitions', () => {
  it.each(pairs.filter(({ name }) => allowed.includes(name)))('allows $name', ({ from, to }) => {
    expect(canMoveSubscription(from, to)).toBe(true);
    expect(moveSubscription(from, to)).toBe(to);
  });

  it.each(pairs.filter(({ name }) => !allowed.includes(name)))('refuses $name', ({ from, to }) => {
    expect(canMoveSubscription(from, to)).toBe(false);
    expect(() => moveSubscription(from, to)).toThrow(ConflictError);
  });

  it('says what is allowed instead', () => {
    expect(() => moveSubscription('active', 'pending_payment_method')).toThrow('Allowed: canceled.');
    expect(() => moveSubscription('canceled', 'active')).toThrow('the state is final');
  });
});
