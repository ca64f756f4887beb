import type { Big } from 'big.js';
import type { DecimalString } from '../catalog/plan-definition.js';
import type { InvoiceLineKind, TierCharge } from '../invoice/invoice.js';

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
  /** Σ amounts of the breakdown in major units, exact, up to 24 decimal places. */
  readonly unroundedAmount: DecimalString;
  /** `unroundedAmount` in minor units of the currency, rounded once, half away from zero. */
  readonly amountMinor: bigint;
  /** Only the tiers that were entered, in order; empty for the fixed fee and when nothing is billable. */
  readonly breakdown: readonly TierCharge[];
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
}

/** The sum of lines that are each rounded already (invariant I6), in minor units. */
export function subtotalOf(lines: readonly RatedLine[]): bigint {
  return lines.reduce((subtotal, line) => subtotal + line.amountMinor, 0n);
}
