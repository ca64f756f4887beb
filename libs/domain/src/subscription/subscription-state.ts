import { ConflictError } from '../problem/tollgate-error.js';

/**
 * `pending_payment_method`: the plan costs money and no card is there yet, so the gateways refuse. `active`: served and
 * billed. `canceled` is final: coming back is a new subscription with an anchor of its own.
 */
export type SubscriptionState = 'pending_payment_method' | 'active' | 'canceled';

/** Where a subscription may go from each state. */
export const subscriptionTransitions: Readonly<Record<SubscriptionState, readonly SubscriptionState[]>> = {
  pending_payment_method: ['active', 'canceled'],
  active: ['canceled'],
  canceled: [],
};

/** True when a subscription may go from one state to the other; staying is no transition. */
export function canMoveSubscription(from: SubscriptionState, to: SubscriptionState): boolean {
  return subscriptionTransitions[from].includes(to);
}

/**
 * Returns `to` when a subscription may go there.
 * @throws ConflictError `subscription_transition_refused`
 */
export function moveSubscription(from: SubscriptionState, to: SubscriptionState): SubscriptionState {
  if (canMoveSubscription(from, to)) return to;
  const allowed = subscriptionTransitions[from].join(', ') || 'nothing: the state is final';
  throw new ConflictError(
    'subscription_transition_refused',
    `A subscription that is ${from} cannot become ${to}. Allowed: ${allowed}.`,
  );
}
