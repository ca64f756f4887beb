import { describe, expect, it } from 'vitest';
import type { SubscriptionState } from './subscription.js';
import { moveSubscription, subscriptionTransitions } from './subscription-state.js';

const states = Object.keys(subscriptionTransitions) as SubscriptionState[];

describe('the states of a subscription', () => {
  it('are gone through in one direction only, and end with canceled', () => {
    const allowed = states.flatMap((from) =>
      states.filter((to) => subscriptionTransitions[from].includes(to)).map((to) => `${from} → ${to}`),
    );
    expect(allowed).toEqual(['pending_approval → active', 'pending_approval → canceled', 'active → canceled']);
  });

  it('refuse every other move, and say what is allowed', () => {
    expect(moveSubscription('pending_approval', 'active')).toBe('active');
    expect(() => moveSubscription('canceled', 'active')).toThrow(/Allowed: nothing: the state is final/);
    expect(() => moveSubscription('active', 'active')).toThrow(/cannot become active/);
  });
});
