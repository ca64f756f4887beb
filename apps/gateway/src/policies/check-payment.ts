import type { SubscriptionTerms } from './subscription-terms.js';

/** Whether the calls of a subscription are paid for. */
export type PaymentVerdict = 'paid' | 'suspended';

/** A subscription past due is served until it is suspended. */
export function checkPayment({ subscription }: SubscriptionTerms): PaymentVerdict {
  return subscription.paymentState === 'suspended' ? 'suspended' : 'paid';
}
