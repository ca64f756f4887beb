import type { DecimalString } from '#domain';

/** Who sells or buys, in the terms of EN 16931 (BG-4, BG-7). */
export interface ElectronicParty {
  readonly name: string;
  /** An identifier that the seller goes by in any case (BT-29); null for buyers. */
  readonly id: string | null;
  /** At most three go out as they are, further ones with the third. */
  readonly addressLines: readonly string[];
  /** BT-53; null for sellers, whose lines say it. */
  readonly postalCode: string | null;
  readonly region: string | null;
  /** ISO 3166-1, two letters. */
  readonly country: string;
  /** With its country prefix (BT-31, BT-48). */
  readonly vatId: string | null;
  /** A tax number of another kind (BT-32); null for buyers. */
  readonly taxRegistration: string | null;
}

/** UNTDID 5305: standard, zero, exempt, reverse charge, outside of the scope of VAT. */
export type VatCategory = 'S' | 'Z' | 'E' | 'AE' | 'O';

/** The one VAT of a document; every line and allowance has it. */
export interface ElectronicVat {
  readonly category: VatCategory;
  /** Null for `O` only. */
  readonly percent: DecimalString | null;
  readonly reason: string | null;
  /** A code of the list VATEX. */
  readonly reasonCode: string | null;
  readonly taxableMinor: bigint;
  readonly taxMinor: bigint;
}

export interface ElectronicLine {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** Below zero for what is given back. */
  readonly quantity: DecimalString;
  /** UN/ECE Recommendation 20. */
  readonly unitCode: string;
  /** `quantity` × `priceMinor` ÷ `priceQuantity`. */
  readonly netMinor: bigint;
  /** Never below zero. */
  readonly priceMinor: bigint;
  /** How many units the price is for; more than zero. */
  readonly priceQuantity: DecimalString;
  /** Half-open; null for that of the document. */
  readonly period: { readonly start: Date; readonly end: Date } | null;
}

/** What is taken off the sum of the lines (BG-20). */
export interface ElectronicAllowance {
  readonly reason: string;
  readonly amountMinor: bigint;
}

/** A payment by credit transfer (BG-16, BG-17). */
export interface ElectronicCreditTransfer {
  /** What the payer writes on it (BT-83). */
  readonly reference: string;
  /** The IBAN (BT-84). */
  readonly account: string;
  /** The BIC (BT-86). */
  readonly bank: string | null;
}

/** An invoice or a credit note with what EN 16931 says of it. Amounts are minor units of the currency. */
export interface ElectronicDocument {
  readonly type: 'invoice' | 'credit_note';
  readonly number: string;
  readonly issuedAt: Date;
  /** The day until which it is to be paid (BT-9); null on a credit note. */
  readonly dueAt: Date | null;
  readonly currency: string;
  readonly note: string | null;
  readonly purchaseOrderNumber: string | null;
  /** What a credit note corrects. */
  readonly preceding: { readonly number: string; readonly issuedAt: Date | null } | null;
  /** Half-open, in UTC. */
  readonly period: { readonly start: Date; readonly end: Date };
  readonly seller: ElectronicParty;
  readonly buyer: ElectronicParty;
  readonly lines: readonly ElectronicLine[];
  readonly allowances: readonly ElectronicAllowance[];
  readonly vat: ElectronicVat;
  /** Already taken from the balance. */
  readonly prepaidMinor: bigint;
  readonly paymentTerms: string;
  /** Where a transfer goes; null for what is paid in another way. */
  readonly creditTransfer: ElectronicCreditTransfer | null;
}

/** The sums of a document (BG-22): each follows from the lines, the allowances, the VAT and what is prepaid. */
export function totalsOf({ lines, allowances, vat, prepaidMinor }: ElectronicDocument) {
  const linesMinor = lines.reduce((sum, { netMinor }) => sum + netMinor, 0n);
  const allowancesMinor = allowances.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const withoutTaxMinor = linesMinor - allowancesMinor;
  const withTaxMinor = withoutTaxMinor + vat.taxMinor;
  return { linesMinor, allowancesMinor, withoutTaxMinor, withTaxMinor, payableMinor: withTaxMinor - prepaidMinor };
}
