import { ConflictError } from '../problem/tollgate-error.js';
import type { SubscriptionState } from './subscription.js';

/** Where a subscription may go from each state. Canceled is final: coming back is a new subscription. */
export const subscriptionTransitions: Readonly<Record<SubscriptionState, readonly SubscriptionState[]>> = {
  pending_approval: ['active', 'canceled'],
  active: ['canceled'],
  canceled: [],
};

/**
 * Returns `to` when a subscription may go there; staying is no transition.
 * @throws ConflictError `subscription_transition_refused`
 */
export function moveSubscription(from: SubscriptionState, to: SubscriptionState): SubscriptionState {
  if (subscriptionTransitions[from].includes(to)) return to;
  const allowed = subscriptionTransitions[from].join(', ') || 'nothing: the state is final';
  throw new ConflictError(
    'subscription_transition_refused',
    `A subscription that is ${from} cannot become ${to}. Allowed: ${allowed}.`,
  );
}
