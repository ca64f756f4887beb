import type { FinanceProposal } from '../proposal/finance-proposal.js';

/** Money that an organization has in store with a seller, in one currency. Never below zero. */
export interface Balance {
  readonly organizationId: string;
  readonly sellerSlug: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly amountMinor: bigint;
}

/**
 * Where an entry comes from: what the lines of an invoice give back beyond what they charge (`excess_credit`), what an
 * invoice took when it was issued (`applied`) and gave back when it became void (`released`), what was paid beyond what was
 * due (`overpayment`), an adjustment by hand that two people agreed to, a credit note, or a refund that did not reach its card.
 */
export type BalanceEntryKind =
  | 'excess_credit'
  | 'applied'
  | 'released'
  | 'overpayment'
  | 'adjustment'
  | 'credit_note'
  | 'refund_failed';

/** A change of a balance. The ledger is only added to: what was wrong is put right by another entry. */
export interface BalanceEntry {
  readonly id: string;
  readonly organizationId: string;
  readonly sellerSlug: string;
  readonly currency: string;
  /** Positive in favour of the organization; never zero. */
  readonly amountMinor: bigint;
  /** The balance with this entry. */
  readonly balanceMinor: bigint;
  readonly kind: BalanceEntryKind;
  /** A sentence for people. */
  readonly reason: string;
  readonly invoiceId: string | null;
  readonly adjustmentId: string | null;
  readonly creditNoteId: string | null;
  readonly refundId: string | null;
  readonly createdAt: Date;
}

/** A change of a balance by hand: its amount is never zero, and below it what is taken of the balance. */
export type Adjustment = FinanceProposal;

/** What an invoice of a total takes of a balance: all of it, up to the total. Minor units of one currency. */
export function balanceToApply(totalMinor: bigint, balanceMinor: bigint): bigint {
  return balanceMinor < totalMinor ? balanceMinor : totalMinor;
}
