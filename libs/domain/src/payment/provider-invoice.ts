import type { InvoiceBuyer } from '../tax/billing-details.js';

/** The most lines that are sent of one invoice, without those of zero: Stripe takes 250, and somebody may add a few there. */
export const MOST_PROVIDER_LINES = 240;

/** One line to collect. */
export interface CollectInvoiceLine {
  /** Our id of the line: the provider keeps it, and reconciliation goes by it. */
  readonly lineId: string;
  readonly description: string;
  /** Settled minor units of the invoice's currency; negative for a credit. Lines of zero are not sent. */
  readonly amountMinor: bigint;
  readonly periodStartMs: number;
  /** Exclusive. */
  readonly periodEndMs: number;
  /** Absent: it is, where the provider computes the tax. */
  readonly isTaxed?: false;
}

/** A credit note that takes off what is due of an invoice. */
export interface CollectCreditNote {
  /** Our id of it: the provider keeps it. */
  readonly creditNoteId: string;
  readonly amountMinor: bigint;
  readonly reason: string;
}

/** Who is to pay, as the provider's invoice says it. */
export interface CollectBuyer extends Omit<InvoiceBuyer, 'purchaseOrderNumber'> {
  /** Where the provider's own messages go; null leaves the address that it has. */
  readonly email: string | null;
  /** Whether no tax is charged to it; absent where the provider computes none. */
  readonly isExempt?: boolean;
}

/** One invoice to collect. Its parts may not change between calls of the same generation. */
export interface CollectInvoiceRequest {
  readonly invoiceId: string;
  /** 1, and one more each time a draft that did not match is rebuilt. */
  readonly generation: number;
  /** The gapless number that the invoice was issued under; null for one over nothing, which the provider numbers itself. */
  readonly number: string | null;
  /** ISO 4217, any case. */
  readonly currency: string;
  readonly providerCustomerId: string;
  /** What the customer there is told before the invoice is finalized; null leaves it as it is. */
  readonly buyer: CollectBuyer | null;
  /** Fingerprint of the inputs of rating; kept on the provider's invoice and compared on every resume. */
  readonly ratingHash: string;
  readonly lines: readonly CollectInvoiceLine[];
  /** Σ of all lines, not negative. */
  readonly subtotalMinor: bigint;
  /** As what the provider taxes the lines, where it does; absent: as what its account says. */
  readonly taxCode?: string | undefined;
  /** What the provider's own tax must come to, on top of the lines; absent: it computes none, and taxes are lines. */
  readonly computedTaxMinor?: bigint | undefined;
  /**
   * Which attempt at payment this is: 1, and one more for each retry of dunning, stored before the call. A repeated
   * call with the same number never charges again; a declined card is only tried again under a new number.
   */
  readonly attempt?: number;
  /** All of the invoice, in the order in which they were made; those that the provider does not have yet are added. */
  readonly creditNotes?: readonly CollectCreditNote[];
  /**
   * What is done about what is left to pay then: it is charged to the saved card (the default), waits for a payment, was
   * paid without the provider, or was paid there by a payment of its own.
   */
  readonly settlement?: 'charge' | 'wait' | 'out_of_band' | { readonly paymentId: string };
  /** Absent: the provider has nothing but the lines that it is given. */
  readonly metered?: MeteredInvoice | undefined;
}

/** An invoice whose tax the provider is to compute. */
export type ComputeTaxRequest = Pick<
  CollectInvoiceRequest,
  | 'invoiceId'
  | 'generation'
  | 'currency'
  | 'providerCustomerId'
  | 'buyer'
  | 'ratingHash'
  | 'lines'
  | 'subtotalMinor'
  | 'taxCode'
>;

/** The provider's own invoice of a period of a subscription, whose usage it has rated: the other lines are added to it. */
export interface MeteredInvoice {
  readonly providerSubscriptionId: string;
  /** Where the period ends, exclusive. */
  readonly periodEndMs: number;
  /** Our lines that the provider makes by itself, by the id of its price. */
  readonly lineIds: Readonly<Record<string, string>>;
}

/** Why the card was not charged. */
export interface PaymentFailure {
  /** The provider's code, such as `insufficient_funds`, or `payment_method_missing` when no card is saved. */
  readonly code: string;
  readonly message: string;
}

/** The state of an invoice after `collectInvoice`. */
export interface CollectedInvoice {
  readonly providerInvoiceId: string;
  readonly status: 'paid' | 'open' | 'uncollectible';
  /** The provider's page of the invoice, for people. */
  readonly hostedUrl: string | null;
  readonly pdfUrl: string | null;
  readonly totalMinor: bigint;
  readonly subtotalMinor: bigint;
  /** The provider's payment: the one that succeeded, or the one that just failed; null when no card was charged. */
  readonly paymentId: string | null;
  /** What that payment was over; zero without one. */
  readonly paymentMinor: bigint;
  /** Null when the invoice is paid, and when nothing was to be charged. */
  readonly failure: PaymentFailure | null;
}

export type ProviderInvoiceStatus = 'draft' | 'open' | 'paid' | 'void' | 'uncollectible';

/** An invoice as the provider has it now. */
export interface ProviderInvoice {
  readonly providerInvoiceId: string;
  readonly status: ProviderInvoiceStatus;
  readonly number: string | null;
  /** ISO 4217, upper case. */
  readonly currency: string;
  readonly subtotalMinor: bigint;
  readonly totalMinor: bigint;
  /** The total without taxes that the provider has put on it. */
  readonly totalExcludingTaxMinor: bigint;
  /** Σ of its credit notes, whether they were made before or after it was paid. */
  readonly creditedMinor: bigint;
  readonly lines: readonly ProviderInvoiceLine[];
  /** The payments by card that succeeded. */
  readonly payments: readonly ProviderInvoicePayment[];
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ProviderInvoicePayment {
  readonly paymentId: string;
  readonly amountMinor: bigint;
}

/** That an invoice is there, and whose it is. */
export interface ProviderInvoiceHead {
  readonly providerInvoiceId: string;
  readonly status: ProviderInvoiceStatus;
  readonly providerCustomerId: string | null;
  /** Our id of it, which the provider keeps; null for one that was made otherwise. */
  readonly localInvoiceId: string | null;
  readonly totalMinor: bigint;
}

export interface ProviderInvoiceLine {
  /** Our id of the line; null when the line is none of ours. */
  readonly lineId: string | null;
  readonly amountMinor: bigint;
}
