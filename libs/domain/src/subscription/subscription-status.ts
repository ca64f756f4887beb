import type { Subscription } from './subscription.js';

/**
 * What people call the state of a subscription. `cancel_scheduled` is served until it ends, and can be taken back until
 * then; `past_due` is served as long as grace lasts; calls of what is `suspended` or `canceled` are refused.
 */
export type SubscriptionStatus = 'active' | 'past_due' | 'suspended' | 'cancel_scheduled' | 'canceled';

/**
 * The status at an instant. Where several hold it is the first of: canceled, suspended, past due, cancel scheduled. A
 * cancellation holds from its instant on, whether it was carried out yet or not.
 */
export function subscriptionStatus(
  { state, paymentState, cancelAt }: Pick<Subscription, 'state' | 'paymentState' | 'cancelAt'>,
  at: Date,
): SubscriptionStatus {
  if (state === 'canceled' || (cancelAt !== null && cancelAt <= at)) return 'canceled';
  if (paymentState !== 'current') return paymentState;
  return cancelAt === null ? 'active' : 'cancel_scheduled';
}
