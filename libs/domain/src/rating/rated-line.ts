import { Big } from 'big.js';
import type { DecimalString } from '../catalog/plan-definition.js';
import type { InvoiceLineKind, TierCharge } from '../invoice/invoice.js';
import { formatMinor } from '../money/minor-units.js';

/** One amount on an invoice, with everything needed to compute it again by hand. */
export interface RatedLine {
  /** 1 for the first line of the invoice. */
  readonly position: number;
  readonly kind: InvoiceLineKind;
  /** Slug of the meter; null for the fixed fee. */
  readonly meter: string | null;
  readonly description: string;
  /** Units used; of a late line, the units that came late. */
  readonly quantity: DecimalString;
  /** Those of `quantity` that the plan includes for free; never more than `quantity`. */
  readonly included: DecimalString;
  /** `quantity` − `included`. */
  readonly billableQuantity: DecimalString;
  /** What the price is for: `billableQuantity` after conversion and discounted units. */
  readonly pricedQuantity: DecimalString;
  /** Σ amounts of the breakdown in major units, exact, up to 24 decimal places. */
  readonly unroundedAmount: DecimalString;
  /** `unroundedAmount` in minor units of the currency, rounded once, half away from zero. */
  readonly amountMinor: bigint;
  /** Only the tiers that were entered, in order; empty for fees and commitments and when nothing is billable. */
  readonly breakdown: readonly TierCharge[];
  /** The span that a fee in advance pays for, or of which one is given back; absent for what is of its own period. */
  readonly serviceStart?: Date | null | undefined;
  readonly serviceEnd?: Date | null | undefined;
}

/** What a price model makes of a quantity: the exact amount in major units, and how it came about. */
export interface PricedUnits {
  readonly amount: Big;
  readonly breakdown: readonly TierCharge[];
}

/** The billable units of a period above `from`, up to and including `to`; `from` is 0 unless a part was rated before. */
export interface UnitSpan {
  readonly from: Big;
  readonly to: Big;
  /** The units up to `from` were rated before, even when there were none. */
  readonly continues?: boolean;
}

/** The sum of lines that are each rounded already (invariant I6), in minor units. */
export function subtotalOf(lines: readonly RatedLine[]): bigint {
  return lines.reduce((subtotal, line) => subtotal + line.amountMinor, 0n);
}

/** The sum of lines before rounding: an exact decimal in major units, without needless zeros. */
export function unroundedSumOf(lines: readonly RatedLine[]): string {
  return lines.reduce((sum, { unroundedAmount }) => sum.plus(unroundedAmount), new Big(0)).toFixed();
}

/**
 * The sum of lines that are each rounded already, as a decimal in major units without needless zeros.
 * @throws InvalidError `unknown_currency`
 */
export function settledSumOf(lines: readonly RatedLine[], currency: string): string {
  return new Big(formatMinor(subtotalOf(lines), currency)).toFixed();
}
