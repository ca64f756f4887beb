import type { CreditedLine } from '../credit-note/credit-lines.js';
import type { PaymentFailure } from '../payment/provider-invoice.js';
import type { FinanceProposal } from '../proposal/finance-proposal.js';

/**
 * `pending`: asked of the payment provider, or about to be. `succeeded`: the provider gave the money back; the bank can still
 * return it, and then it is `failed`. What failed is in the balance.
 */
export type RefundState = 'pending' | 'succeeded' | 'failed';

/** What of a credit note goes to the card that paid the invoice, instead of to the balance. */
export interface Refund {
  readonly id: string;
  readonly organizationId: string;
  readonly invoiceId: string;
  readonly creditNoteId: string;
  readonly paymentId: string;
  readonly proposalId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly state: RefundState;
  readonly providerRefundId: string | null;
  /** The provider's credit note that it is linked to; null while there is none. */
  readonly providerCreditNoteId: string | null;
  /** Set when it failed. */
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  readonly createdAt: Date;
  readonly succeededAt: Date | null;
  readonly failedAt: Date | null;
}

/** A refund that one person of finance proposes and another decides on. Its amount is what goes to the card. */
export interface RefundProposal extends FinanceProposal {
  readonly invoiceId: string;
  /** The total of the credit note that it is of, with tax: what of it does not go to the card goes to the balance. */
  readonly creditedMinor: bigint;
  /** Null for all that is left of the invoice. */
  readonly lines: readonly CreditedLine[] | null;
  /** The refund that was found at the provider, and that this records; null for one that is to be made. */
  readonly providerRefundId: string | null;
}

/** True when a refund may go from one state to the other; staying is no transition. */
export function canMoveRefund(from: RefundState, to: RefundState): boolean {
  return (from === 'pending' && to !== 'pending') || (from === 'succeeded' && to === 'failed');
}

/**
 * What of a credit note can go to the card: at most what the card paid and was not given back, in whole steps of what the
 * provider takes. Minor units of one currency; never below 0.
 */
export function refundableMinor(
  creditedMinor: bigint,
  payment: { readonly paidMinor: bigint; readonly refundedMinor: bigint },
  stepMinor: number,
): bigint {
  const leftMinor = payment.paidMinor - payment.refundedMinor;
  const mostMinor = creditedMinor < leftMinor ? creditedMinor : leftMinor;
  return mostMinor <= 0n ? 0n : mostMinor - (mostMinor % BigInt(stepMinor));
}

/** One refund for the payment provider. Its parts never change. */
export interface RefundRequest {
  /** Our id of it: the provider keeps it, and it is found again by it. */
  readonly refundId: string;
  readonly creditNoteId: string;
  readonly providerInvoiceId: string;
  /** The payment that is given back, or a part of it. */
  readonly providerPaymentId: string;
  /** The refund that is there already, and only lacks its credit note; null for one that is to be made. */
  readonly providerRefundId: string | null;
  /** ISO 4217, any case: the invoice's. */
  readonly currency: string;
  /** Settled minor units of it; more than 0. Less than the refund that is there already where that is of several invoices. */
  readonly amountMinor: bigint;
  readonly reason: string;
}

/** A refund as the provider has it now. */
export interface ProviderRefund {
  /** Null when the provider refused to make it. */
  readonly providerRefundId: string | null;
  /** Our id of it; null when it is none of ours. */
  readonly refundId: string | null;
  /** The payment that is given back, or a part of it; null when it is of none that we could know. */
  readonly providerPaymentId: string | null;
  readonly amountMinor: bigint;
  readonly state: RefundState;
  /** Null unless it failed. */
  readonly failure: PaymentFailure | null;
}

/** A refund and the provider's document of it. */
export interface DocumentedRefund extends ProviderRefund {
  /** The provider's credit note that it is linked to; null when it failed, and when the provider would make none. */
  readonly providerCreditNoteId: string | null;
}
