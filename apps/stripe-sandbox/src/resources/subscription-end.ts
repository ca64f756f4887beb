import type { Call } from '../sandbox.js';
import { changeSubscription, hasEnded, type Subscription } from './subscription.js';

/** Ends a subscription now; what it has not billed stays unbilled. */
export function endSubscription(
  call: Call,
  subscription: Subscription,
  reason: 'cancellation_requested' | 'payment_failed' | null,
  comment: string | null = null,
): Subscription {
  for (const invoice of call.store.childrenOf('invoices', subscription.customer)) {
    const own = invoice.parent?.subscription_details.subscription === subscription.id;
    if (own && (invoice.status === 'draft' || invoice.status === 'open') && invoice.auto_advance) {
      call.store.put('invoices', { ...invoice, auto_advance: false, next_payment_attempt: null });
    }
  }
  return changeSubscription(
    call,
    subscription,
    {
      canceled_at: subscription.canceled_at ?? call.now,
      cancellation_details: { ...subscription.cancellation_details, comment, reason },
      ended_at: call.now,
      status: 'canceled',
    },
    'customer.subscription.deleted',
  );
}

/** A customer who is deleted has no subscriptions any more. */
export function endWithCustomer(call: Call, subscription: Subscription): void {
  if (!hasEnded(subscription)) endSubscription(call, subscription, null);
}
