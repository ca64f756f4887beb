import { Big } from 'big.js';
import type { MeterPrice } from '../catalog/plan-definition.js';
import type { InvoiceLineKind } from '../invoice/invoice.js';
import { formatDecimal, parseDecimal } from '../money/decimal.js';
import { type Settling, formatMinor, settle } from '../money/minor-units.js';
import type { TimeSpan } from '../period/monthly-period.js';
import { shareOfPeriod } from '../period/period-share.js';
import type { MeterCharge } from './rate-meter.js';
import type { RatedLine } from './rated-line.js';

/** What a line says that depends on why it is written. */
export interface MeterLineText {
  readonly kind: InvoiceLineKind;
  readonly description: string;
}

/** The line of what a meter costs, rounded once. `position` is for the caller to set. */
export function meterLine(price: MeterPrice, charge: MeterCharge, settling: Settling, text: MeterLineText): RatedLine {
  return {
    position: 1,
    ...text,
    meter: price.meter,
    quantity: formatDecimal(charge.quantity),
    included: formatDecimal(charge.included),
    billableQuantity: formatDecimal(charge.billable),
    pricedQuantity: formatDecimal(charge.priced),
    unroundedAmount: formatDecimal(charge.amount),
    amountMinor: settle(charge.amount, settling),
    breakdown: charge.breakdown,
  };
}

/** What decides how much of a minimum is missing. */
export interface CommitmentInput {
  readonly price: MeterPrice;
  readonly charge: MeterCharge;
  readonly settling: Settling;
  readonly period: TimeSpan;
  /** The full period, when `period` is a part of it: the minimum is that of the part. */
  readonly nominalPeriod?: TimeSpan | undefined;
  /** A true-up was charged with the part before: what is no longer missing is given back. */
  readonly wasCharged?: boolean;
}

/**
 * The line that makes a meter's charge up to its minimum commitment; none when nothing is missing. Settled, the charge
 * and this line are the rounded minimum together.
 */
export function commitmentLines(input: CommitmentInput): RatedLine[] {
  const { price, charge, settling, period, nominalPeriod, wasCharged = false } = input;
  if (price.minimumAmount === undefined) return [];
  const whole = parseDecimal(price.minimumAmount, 'minimumAmount');
  const minimum = nominalPeriod ? shareOfPeriod(whole, period, nominalPeriod) : whole;
  const minimumMinor = settle(minimum, settling);
  const beforeMinor = settle(charge.chargedBefore, settling);
  const unrounded = missing(minimum, charge.chargedBefore.plus(charge.amount)).minus(
    wasCharged ? missing(minimum, charge.chargedBefore) : 0,
  );
  const amountMinor =
    missingMinor(minimumMinor, beforeMinor + settle(charge.amount, settling)) -
    (wasCharged ? missingMinor(minimumMinor, beforeMinor) : 0n);
  if (unrounded.eq(0) && amountMinor === 0n) return [];
  return [
    {
      position: 1,
      kind: 'minimum_commitment',
      meter: price.meter,
      description: `${price.meter}: up to the minimum of ${formatMinor(minimumMinor, settling.currency)} ${settling.currency}`,
      quantity: '1',
      included: '0',
      billableQuantity: '1',
      pricedQuantity: '1',
      unroundedAmount: formatDecimal(unrounded),
      amountMinor,
      breakdown: [],
    },
  ];
}

function missing(minimum: Big, charged: Big): Big {
  return charged.lt(minimum) ? minimum.minus(charged) : new Big(0);
}

function missingMinor(minimumMinor: bigint, chargedMinor: bigint): bigint {
  return chargedMinor < minimumMinor ? minimumMinor - chargedMinor : 0n;
}
