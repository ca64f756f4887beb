import type { ProviderFeeKind } from '../payment/provider-fee.js';
import { type JournalEntry, Postings, entry } from './journal-entry.js';

/** A change of a balance by hand, as the books have it. */
export interface BookedAdjustment {
  readonly id: string;
  readonly at: Date;
  /** Positive in favour of the organization. */
  readonly amountMinor: bigint;
  readonly reason: string;
}

/** What is given to a customer by hand is an expense; what is taken back lowers it. */
export function adjustmentEntry({ id, at, amountMinor, reason }: BookedAdjustment): JournalEntry {
  const postings = new Postings().debit('adjustments', amountMinor).credit('customer_balances', amountMinor);
  return entry('adjustment', id, at, reason, postings);
}

/** What of a transfer paid no invoice, as the books have it. */
export interface BookedTransfer {
  readonly id: string;
  readonly at: Date;
  /** Below zero when a transfer is taken back. */
  readonly amountMinor: bigint;
  readonly reference: string;
}

/** What came in for no invoice is owed to the customer. */
export function transferEntry({ id, at, amountMinor, reference }: BookedTransfer): JournalEntry {
  const postings = new Postings().debit('cash', amountMinor).credit('customer_balances', amountMinor);
  return entry('transfer', id, at, `Transfer ${reference}`, postings);
}

/** Bought credits that nobody used in time. */
export interface BookedCreditExpiry {
  readonly id: string;
  readonly at: Date;
  readonly amountMinor: bigint;
}

/** What was owed of bought credits is revenue once they have expired. */
export function creditExpiryEntry({ id, at, amountMinor }: BookedCreditExpiry): JournalEntry {
  const postings = new Postings().debit('prepaid_credits', amountMinor).credit('expired_credit_revenue', amountMinor);
  return entry('credit_expiry', id, at, 'Prepaid credits expired', postings);
}

/** What the payment provider took for a payment, a refund or a dispute, as the books have it. */
export interface BookedFee {
  readonly id: string;
  readonly at: Date;
  readonly kind: ProviderFeeKind;
  /** Below zero for what it gave back. */
  readonly amountMinor: bigint;
  /** Of the invoice that was charged. */
  readonly invoiceNumber: string | null;
}

/** The provider keeps its fee of what it holds for us. */
export function providerFeeEntry({ id, at, kind, amountMinor, invoiceNumber }: BookedFee): JournalEntry {
  const postings = new Postings().debit('provider_fees', amountMinor).credit('clearing', amountMinor);
  const of = kind === 'payment' ? 'payment' : `${kind} of the payment`;
  return entry('provider_fee', id, at, `Fee for the ${of} of ${invoiceNumber ?? 'an invoice'}`, postings);
}
