/** A document that takes back a part of an invoice, or all of it: first what is due of it, the rest goes to the balance or the card. Never changed. */
export interface CreditNote {
  readonly id: string;
  readonly organizationId: string;
  readonly invoiceId: string;
  readonly sellerSlug: string;
  /** In a series of its own for each seller, without gaps: "INV-CN-000001". */
  readonly number: string;
  readonly currency: string;
  /** Σ of the lines; more than 0. */
  readonly subtotalMinor: bigint;
  /** Σ of the taxes that are given back with the lines. */
  readonly taxMinor: bigint;
  readonly totalMinor: bigint;
  /** What it took off what was due. */
  readonly reducedMinor: bigint;
  /** What went to the card that paid, by a refund; the rest of the total is in the balance. */
  readonly refundedMinor: bigint;
  readonly reason: string;
  readonly issuedAt: Date;
}

export interface CreditNoteLine {
  readonly position: number;
  readonly invoiceLineId: string;
  readonly description: string;
  /** Positive for what is given back; negative where the line of the invoice was a credit itself. */
  readonly amountMinor: bigint;
}
