import type Stripe from 'stripe';
import { type DisputeState, PaymentStateError, type ProviderDispute } from '#domain';
import { fromStripeAmount } from './stripe-amount.js';

/** A dispute of Stripe as the port has it; `pageOf` says where people see the payment. */
export function toProviderDispute(
  dispute: Stripe.Dispute,
  pageOf: (providerPaymentId: string, isLive: boolean) => string,
): ProviderDispute {
  const { id, charge, payment_intent: intent, status, evidence_details: evidence } = dispute;
  const movedMinor = dispute.balance_transactions.reduce((sum, { amount }) => sum + amount, 0);
  const isWithdrawn = movedMinor < 0;
  const paymentId = typeof intent === 'object' ? (intent?.id ?? null) : intent;
  return {
    providerDisputeId: id,
    providerPaymentId: paymentId,
    url: pageOf(paymentId ?? (typeof charge === 'object' ? charge.id : charge), dispute.livemode),
    currency: dispute.currency.toUpperCase(),
    amountMinor: fromStripeAmount(dispute.amount, dispute.currency),
    isInquiry: status.startsWith('warning_'),
    state: stateOf(id, status, isWithdrawn),
    reason: dispute.reason,
    evidenceDueAt: evidence.due_by === null ? null : new Date(evidence.due_by * 1000),
    openedAt: new Date(dispute.created * 1000),
    isWithdrawn,
  };
}

/** One that is lost without money, as it was refunded before, is over. An appeal changes nothing until it is won. */
function stateOf(id: string, status: Stripe.Dispute.Status, isWithdrawn: boolean): DisputeState {
  switch (status) {
    case 'needs_response':
    case 'warning_needs_response':
      return 'needs_response';
    case 'under_review':
    case 'warning_under_review':
      return 'under_review';
    case 'won':
      return 'won';
    case 'lost':
    case 'appeal_needs_response':
    case 'appeal_under_review':
      return isWithdrawn ? 'lost' : 'closed';
    case 'warning_closed':
    case 'prevented':
      return 'closed';
    default:
      throw new PaymentStateError(`Stripe's dispute ${id} has a status that is not known: ${status}.`);
  }
}
