/**
 * What the last attempt at a payment came to. `none`: it is under way, held by us, or the provider has not decided: no answer that
 * a clock could run from. `action_required`: the card is good, and its owner must confirm. `failed`: the provider said no.
 */
export type PaymentAnswer = 'none' | 'action_required' | 'failed';

/** Codes of Stripe for cards whose owner must confirm a payment: https://docs.stripe.com/declines/codes */
const ACTION_CODES: ReadonlySet<string> = new Set([
  'authentication_required',
  'authentication_not_handled',
  'invoice_payment_intent_requires_action',
  'payment_intent_action_required',
  'subscription_payment_intent_requires_action',
]);

/** Failure codes that are no answer of the provider. */
export const UNDECIDED_CODES: readonly string[] = ['payment_pending', 'reconcile_hold'];

/** Reads the failure code of an invoice; null is an attempt that is under way. */
export function paymentAnswer(failureCode: string | null): PaymentAnswer {
  if (failureCode === null || UNDECIDED_CODES.includes(failureCode)) return 'none';
  return ACTION_CODES.has(failureCode) ? 'action_required' : 'failed';
}
