import { createHash } from 'node:crypto';
import {
  type DiscountableLine,
  advanceFeeLine,
  advanceFees,
  couponDiscounts,
  couponSpan,
  couponWords,
  formatDecimal,
  settle,
} from '#domain';
import type { PeriodBasis, PeriodLine } from './rate-period.js';

/** A line before its coupon, with what decides whether that takes something off it. */
export type UndiscountedLine = PeriodLine & Pick<DiscountableLine, 'serviceMs' | 'paidMinor'>;

/**
 * The lines, each with a line after it of what a coupon of the subscription takes off, where one does: rounded once, as every line.
 * `position` is for the caller to set. Pure.
 */
export function withDiscounts(basis: PeriodBasis, lines: readonly UndiscountedLine[]): PeriodLine[] {
  const { coupons, phases, period, subscription, chargedBefore } = basis;
  // Phases of one subscription bill in one currency, or there is no invoice.
  const [settling] = phases.map(({ definition }) => definition);
  if (coupons.length === 0 || !settling) return lines.map(withoutService);
  const { currency, roundingStepMinor: stepMinor = 1 } = settling;
  const billedBefore = feesBilledBefore(basis);
  const discounts = coupons.flatMap((coupon) => {
    const inForce = couponSpan(coupon, subscription.anchorAt.getTime(), phases);
    if (!inForce) return [];
    return [
      {
        coupon,
        amounts: couponDiscounts({ coupon, currency, period, inForce, lines, billedBefore, chargedBefore, stepMinor }),
      },
    ];
  });
  return lines.flatMap((line, index) => {
    // Of a month there is one coupon.
    const found = discounts.find(({ amounts }) => settle(amounts[index]!, settling) !== 0n);
    if (!found) return [withoutService(line)];
    const { coupon } = found;
    const amount = found.amounts[index]!;
    const amountMinor = settle(amount, settling);
    const unroundedAmount = formatDecimal(amount);
    const discountOf = [coupon.couponId, line.inputHash, line.kind, line.meter, line.amountMinor.toString()];
    return [
      withoutService(line),
      {
        ...withoutService(line),
        kind: 'discount',
        description: `${coupon.title}: ${couponWords(coupon)} (${subjectOf(line)})`,
        quantity: '1',
        included: '0',
        billableQuantity: '1',
        pricedQuantity: '1',
        unroundedAmount,
        amountMinor,
        breakdown: [],
        inputHash: createHash('sha256')
          .update(JSON.stringify([...discountOf, unroundedAmount]))
          .digest('hex'),
      },
    ];
  });
}

/** In few words, as the line before says the rest. */
function subjectOf({ kind, meter, description }: PeriodLine): string {
  switch (kind) {
    case 'fixed_fee':
      return 'fixed fee';
    case 'fixed_fee_credit':
      return 'unused fixed fee';
    case 'setup_fee':
      return 'set-up fee';
    case 'usage':
      return meter ?? description;
    case 'late_usage':
      return `${meter}, delivered late`;
    case 'minimum_commitment':
      return `${meter}, minimum commitment`;
    case 'discount':
    case 'prepaid_credit':
    case 'credit_purchase':
      return description;
  }
}

function withoutService({ serviceMs: _service, paidMinor: _paid, ...line }: UndiscountedLine): PeriodLine {
  return line;
}

/** Fees that begin with the period were charged in advance, with the period before or the opening. */
function feesBilledBefore({ subscription, period, phases }: PeriodBasis) {
  const fees = advanceFees({
    phases,
    anchorMs: subscription.anchorAt.getTime(),
    canceledMs: subscription.canceledAt?.getTime() ?? Infinity,
    span: { startMs: period.startMs - 1, endMs: period.startMs },
  });
  return fees
    .filter(({ kind, part }) => kind !== 'fixed_fee_credit' && part.startMs === period.startMs)
    .map((fee) => ({ planVersionId: fee.phase.planVersionId, amountMinor: advanceFeeLine(fee).amountMinor }));
}
