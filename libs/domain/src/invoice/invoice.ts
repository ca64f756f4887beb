import type { InvoiceSeller } from '../publisher/publisher-team.js';
import type { InvoiceBuyer } from '../tax/billing-details.js';
import type { InvoiceTaxTreatment } from '../tax/invoice-tax.js';
import type { InvoiceState } from './invoice-state.js';
import type { PaymentTerms } from './payment-terms.js';

/** `credit_purchase`: prepaid credits, granted when it is paid. */
export type InvoiceKind = 'period' | 'credit_purchase';

/** The charge for one period of one subscription, or for credits. Fixed once issued, but for its state and payment. */
export interface Invoice {
  readonly id: string;
  readonly organizationId: string;
  readonly subscriptionId: string;
  readonly periodStart: Date;
  readonly periodEnd: Date;
  /** What it charges: a period of its subscription, or credits that were bought in one. */
  readonly kind: InvoiceKind;
  readonly state: InvoiceState;
  /** The legal entity in whose series its number is. */
  readonly sellerSlug: string;
  /** That entity as it was when the invoice was made. */
  readonly seller: InvoiceSeller;
  /** Its buyer as it was then; null on an invoice of before buyers were kept. */
  readonly buyer: InvoiceBuyer | null;
  /** How it is taxed, and why; null on an invoice of before taxes. */
  readonly taxTreatment: InvoiceTaxTreatment | null;
  /** Given at issue, without gaps; null for an invoice of nothing. */
  readonly number: string | null;
  readonly currency: string;
  readonly subtotalMinor: bigint;
  readonly taxMinor: bigint;
  readonly totalMinor: bigint;
  /** What its lines give back beyond what they charge: it went to the balance. */
  readonly excessCreditMinor: bigint;
  /** The tax on that, which went to the balance with it. */
  readonly excessTaxMinor: bigint;
  /** What it took of the balance when it was issued; the rest of the total is what the provider collects. */
  readonly balanceAppliedMinor: bigint;
  /** What credit notes took off what was due. */
  readonly creditedMinor: bigint;
  /** What was paid of it, by card or otherwise. */
  readonly paidMinor: bigint;
  /** What banks have taken back of its payments; see `isCardCharged`. */
  readonly chargedBackMinor: bigint;
  readonly ratingHash: string;
  /** Counts the tries at the payment provider; a rebuilt one gets new idempotency keys. */
  readonly generation: number;
  /** Counts the attempts to charge it; a repeated call with the same number never charges again. */
  readonly attempt: number;
  readonly providerInvoiceId: string | null;
  readonly hostedUrl: string | null;
  /** The provider's own document of it. */
  readonly hostedPdfUrl: string | null;
  /** Why it could not be collected, set with `failureMessage` and `failedAt`; null while an attempt is under way. */
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  readonly failedAt: Date | null;
  /** How it is paid, given at issue; by card before. */
  readonly paymentMethod: PaymentTerms['method'];
  /** Days from issue to the last one on which a transfer is in time; 0 for a card. */
  readonly netDays: number;
  /** The last moment at which a payment is in time; null for one without a number. */
  readonly dueAt: Date | null;
  /** Since when it has been past due, or was before it was paid; null for one that never was. */
  readonly pastDueSince: Date | null;
  readonly createdAt: Date;
  /** Null for one that was never in review. */
  readonly reviewEndsAt: Date | null;
  readonly issuedAt: Date | null;
  readonly paidAt: Date | null;
  /** When it was decided that the provider is asked for it; null before, and for one that is not. */
  readonly askedAt: Date | null;
  /** When it was found to be less than the provider charges: it is collected with a later one. Null for every other. */
  readonly carriedAt: Date | null;
  /** The invoice that it is collected with; null while it waits for one. */
  readonly joinsInvoiceId: string | null;
  /** What was due of it when it joined that one; null with it. */
  readonly joinedMinor: bigint | null;
  /** What is collected with it of others that have joined it. */
  readonly carriedInMinor: bigint;
  /** Why it was made void here; null for one that is not, or that was voided at the provider. */
  readonly voidReason: string | null;
  /** The void invoice of the same period in whose place it was made. */
  readonly replacesInvoiceId: string | null;
}

/**
 * `out_of_band`: settled at the payment provider by no payment that it knows of, such as a credit there. `chargeback`: what a bank
 * has taken back of a payment by card.
 */
export type PaymentMethod = 'card' | 'transfer' | 'out_of_band' | 'chargeback';

/**
 * `fixed_fee_credit` gives back what is left of a fee that was paid in advance: below zero. `prepaid_credit` is what of the
 * usage a grant of credits has paid, below zero too; above zero it is what goes back to a grant, as usage that it had paid gives so much back. `credit_purchase` is the price of bought credits. `discount` is what a
 * coupon takes off the line before it, with the meter and span of that: below zero, or above after a fee that is given back.
 */
export type InvoiceLineKind =
  | 'fixed_fee'
  | 'fixed_fee_credit'
  | 'setup_fee'
  | 'usage'
  | 'late_usage'
  | 'minimum_commitment'
  | 'discount'
  | 'prepaid_credit'
  | 'credit_purchase';

/**
 * What a row of a breakdown is, where it is not a tier of units: units that cost nothing (`included`, `discount_units`),
 * units that were converted, packages, a share of a value, events with their fixed part and what a minimum or maximum per
 * event adds or takes off, a discount, the plan's maximum, or what was charged for the period before (negative).
 */
export type ChargeBasis =
  | 'included'
  | 'conversion'
  | 'discount_units'
  | 'package'
  | 'percentage'
  | 'event'
  | 'event_minimum'
  | 'event_maximum'
  | 'discount'
  | 'maximum'
  | 'charged_before';

/**
 * One tier's share of a line: the billable units above `from`, up to and including `upTo` (null when the tier is open).
 * Decimals are exact, in major units of the invoice's currency.
 */
export interface TierCharge {
  readonly from: string;
  readonly upTo: string | null;
  readonly units: string;
  readonly unitAmount: string;
  readonly flatAmount: string;
  /** `units` × `unitAmount` + `flatAmount`; of packages `converted` × `unitAmount`. Discounts are negative. */
  readonly amount: string;
  /** Absent for a tier of units. */
  readonly basis?: ChargeBasis;
  /** Of packages how many, of a conversion what the units became. */
  readonly converted?: string;
}

export interface InvoiceLine {
  readonly id: string;
  readonly organizationId: string;
  readonly invoiceId: string;
  readonly position: number;
  readonly kind: InvoiceLineKind;
  readonly subscriptionId: string;
  readonly periodStart: Date;
  readonly phaseId: string;
  readonly planVersionId: string;
  readonly meter: string | null;
  readonly description: string;
  /** The span that a fee in advance pays for, or of which one is given back; both null for what is of its own period. */
  readonly serviceStart: Date | null;
  readonly serviceEnd: Date | null;
  /** Units used in the period, included ones too; exact decimal. */
  readonly quantity: string;
  /** Before rounding to the currency's minor unit; exact decimal in major units. */
  readonly unroundedAmount: string;
  readonly amountMinor: bigint;
  readonly breakdown: readonly TierCharge[];
  /** SHA-256 of all that the amount was computed from. */
  readonly inputHash: string;
  /** The grant that a `prepaid_credit` burns or gives back to; null for every other line. */
  readonly creditGrantId: string | null;
}

export interface Payment {
  readonly id: string;
  readonly organizationId: string;
  readonly invoiceId: string;
  readonly method: PaymentMethod;
  /** The recorded transfer that it is of; null for every other method. */
  readonly bankTransferId: string | null;
  /** The lost dispute that it is of; null for every other method. */
  readonly disputeId: string | null;
  /** Null for what no card paid. */
  readonly providerPaymentId: string | null;
  /** The attempt of the invoice that it came of. */
  readonly attempt: number;
  readonly state: 'succeeded' | 'failed';
  /** Below zero for what takes a transfer or a payment by card back. */
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  readonly createdAt: Date;
}
