import { Big } from 'big.js';
import { formatMinor } from '../money/minor-units.js';
import type { TimeSpan } from '../period/monthly-period.js';
import { type ChargedLine, isOfUsage, least, usageKey } from '../credit/usage-charges.js';
import type { CouponTerms } from './coupon.js';

/** A coupon as one subscription has redeemed it. */
export interface RedeemedCoupon extends Omit<CouponTerms, 'offers'> {
  readonly couponId: string;
  readonly title: string;
  /** Plan versions that it is for; null for all of the subscription's product. */
  readonly planVersionIds: readonly string[] | null;
  /** The start of the month from which it counts; null from the first of the subscription. */
  readonly countsFrom: Date | null;
  /** The end of the month with which somebody removed it; null for nobody. */
  readonly endsAt: Date | null;
}

/** A settled line of an invoice, as far as a coupon goes. */
export interface DiscountableLine extends ChargedLine {
  readonly planVersionId: string;
  /** When what it charges begins; of a fee that is given back, when what was paid with it began. */
  readonly serviceMs: number;
  /** Of a fee that is given back: what was paid, in minor units. */
  readonly paidMinor?: bigint | undefined;
}

export interface CouponInput {
  readonly coupon: RedeemedCoupon;
  readonly currency: string;
  /** The period that is invoiced. */
  readonly period: TimeSpan;
  /** Months of the subscription in which the coupon is in force. */
  readonly inForce: TimeSpan;
  readonly lines: readonly DiscountableLine[];
  /** What earlier invoices charged in advance for service that begins with the period. */
  readonly billedBefore: readonly Pick<DiscountableLine, 'planVersionId' | 'amountMinor'>[];
  /** What earlier invoices charged for usage, by `usageKey`; absent: what late usage gives back was charged. */
  readonly chargedBefore?: ReadonlyMap<string, bigint> | undefined;
  /** Amounts are multiples of this many minor units. */
  readonly stepMinor: number;
}

/**
 * What a coupon takes off each line, exact and in major units: below zero, or above where what was taken off a fee goes
 * with the part of it that is given back.
 *
 * A percentage is of every line whose service begins while the coupon is in force. An amount is of a month of service: it is
 * used by the fees of the month first, those in advance on the invoice before, then by the other lines in their order, and never more than
 * there is to pay; late usage has none of it, but does not give back what an amount had taken off. A pure function.
 */
export function couponDiscounts(input: CouponInput): Big[] {
  const { coupon, currency, lines } = input;
  const isDiscounted = (line: DiscountableLine) =>
    isForVersion(coupon, line) && isWithin(line.serviceMs, input.inForce);
  if (coupon.percentOff !== null) {
    const rate = new Big(coupon.percentOff).times('0.01').neg();
    return lines.map((line) =>
      isDiscounted(line) ? new Big(formatMinor(line.amountMinor, currency)).times(rate) : new Big(0),
    );
  }
  const minor = amountsOff(input, isDiscounted);
  return lines.map((line) => new Big(formatMinor(-(minor.get(line) ?? 0n), currency)));
}

function amountsOff(
  { coupon, period, lines, billedBefore, chargedBefore, stepMinor }: CouponInput,
  isDiscounted: (line: DiscountableLine) => boolean,
): Map<DiscountableLine, bigint> {
  const step = BigInt(stepMinor);
  const mostMinor = (coupon.amountOffMinor! / step) * step;
  const discounted = lines.filter(isDiscounted);
  const taken = new Map<DiscountableLine, bigint>();
  const ofMonth = discounted.filter((line) => line.kind !== 'late_usage' && isWithin(line.serviceMs, period));
  const next = discounted.filter(({ serviceMs }) => serviceMs === period.endMs);
  const beforeMinor = billedBefore
    .filter((line) => isForVersion(coupon, line))
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  for (const [group, from] of [
    [ofMonth, beforeMinor],
    [next, 0n],
  ] as const) {
    let sumMinor = from;
    for (const line of feesFirst(group)) {
      const offBefore = offOf(sumMinor, mostMinor);
      sumMinor += line.amountMinor;
      taken.set(line, offOf(sumMinor, mostMinor) - offBefore);
    }
  }
  // Of an earlier month only what is given back of its fee.
  for (const line of discounted) {
    if (line.serviceMs >= period.startMs || line.paidMinor === undefined) continue;
    const { paidMinor, amountMinor } = line;
    taken.set(line, offOf(paidMinor + amountMinor, mostMinor) - offOf(paidMinor, mostMinor));
  }
  for (const [line, neverMinor] of neverCharged(discounted, period, chargedBefore)) taken.set(line, -neverMinor);
  return taken;
}

/** What late usage would give back beyond what was charged for its period and meter, by its lines; the last ones first. */
function neverCharged(
  lines: readonly DiscountableLine[],
  period: TimeSpan,
  chargedBefore: CouponInput['chargedBefore'],
): Map<DiscountableLine, bigint> {
  const never = new Map<DiscountableLine, bigint>();
  if (!chargedBefore) return never;
  const late = lines.filter((line) => isOfUsage(line) && line.serviceMs < period.startMs);
  for (const [key, ofKey] of Map.groupBy(late, usageKey)) {
    const backMinor = ofKey.reduce((sum, { amountMinor }) => sum - amountMinor, 0n);
    let leftMinor = backMinor - (chargedBefore.get(key) ?? 0n);
    for (const line of ofKey.filter(({ amountMinor }) => amountMinor < 0n).toReversed()) {
      if (leftMinor <= 0n) break;
      const partMinor = least(-line.amountMinor, leftMinor);
      leftMinor -= partMinor;
      never.set(line, partMinor);
    }
  }
  return never;
}

/** What is off of so much in a month. */
function offOf(sumMinor: bigint, mostMinor: bigint): bigint {
  if (sumMinor <= 0n) return 0n;
  return sumMinor < mostMinor ? sumMinor : mostMinor;
}

function feesFirst(lines: readonly DiscountableLine[]): readonly DiscountableLine[] {
  const isFee = ({ kind }: DiscountableLine) =>
    kind === 'fixed_fee' || kind === 'setup_fee' || kind === 'fixed_fee_credit';
  return [...lines.filter(isFee), ...lines.filter((line) => !isFee(line))];
}

/** True when a coupon takes something off lines of a plan version. */
export function isForVersion(
  { planVersionIds }: Pick<RedeemedCoupon, 'planVersionIds'>,
  { planVersionId }: Pick<DiscountableLine, 'planVersionId'>,
): boolean {
  return planVersionIds === null || planVersionIds.includes(planVersionId);
}

function isWithin(atMs: number, { startMs, endMs }: TimeSpan): boolean {
  return atMs >= startMs && atMs < endMs;
}
