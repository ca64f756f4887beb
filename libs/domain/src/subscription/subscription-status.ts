import type { Subscription } from './subscription.js';

/**
 * What people call the state of a subscription. `pending_approval` is not served yet; `trialing` costs nothing yet;
 * `cancel_scheduled` is served until it ends, and can be taken back until then; `past_due` is served as long as grace
 * lasts; calls of what is `suspended` or `canceled` are refused.
 */
export type SubscriptionStatus =
  | 'pending_approval'
  | 'trialing'
  | 'active'
  | 'past_due'
  | 'suspended'
  | 'cancel_scheduled'
  | 'canceled';

/** All that decides a status. */
export interface SubscriptionStanding extends Pick<
  Subscription,
  'state' | 'paymentState' | 'suspendedFor' | 'cancelAt'
> {
  /** Of the phase in force; null when it is no trial. */
  readonly trialEndsAt: Date | null;
}

/**
 * The status at an instant. Where several hold it is the first of: canceled, pending approval, suspended, past due, cancel
 * scheduled, trialing. A cancellation holds from its instant on, whether it was carried out yet or not.
 */
export function subscriptionStatus(
  { state, paymentState, suspendedFor, cancelAt, trialEndsAt }: SubscriptionStanding,
  at: Date,
): SubscriptionStatus {
  if (state === 'canceled' || (cancelAt !== null && cancelAt <= at)) return 'canceled';
  if (state === 'pending_approval') return state;
  if (suspendedFor.length > 0) return 'suspended';
  if (paymentState !== 'current') return paymentState;
  if (cancelAt !== null) return 'cancel_scheduled';
  return trialEndsAt === null ? 'active' : 'trialing';
}
