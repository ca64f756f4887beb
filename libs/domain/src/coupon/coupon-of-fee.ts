import { Big } from 'big.js';
import type { PlanDefinition } from '../catalog/plan-definition.js';
import { parseDecimal } from '../money/decimal.js';
import { formatMinor } from '../money/minor-units.js';
import { feePeriodAt } from '../period/fee-period.js';
import { type RedeemedCoupon, isForVersion } from './coupon-discount.js';
import { couponSpan } from './coupon-span.js';

/** A phase that is in force and no trial, of a subscription that has redeemed coupons. */
export interface CouponedPhase {
  readonly planVersionId: string;
  readonly definition: Pick<PlanDefinition, 'currency' | 'fixedFee' | 'billingInterval' | 'roundingStepMinor'>;
  readonly startsAt: Date;
  readonly anchorAt: Date;
  /** When the first phase of its subscription began that is no trial. */
  readonly costsFrom: Date;
}

/**
 * What coupons take off a whole fixed fee of the fee's period that holds an instant, exact and in major units of the plan's
 * currency: by when the service of the fee begins, as on invoices. At least 0, at most the fee.
 */
export function couponOfFee(phase: CouponedPhase, coupons: readonly RedeemedCoupon[], at: Date): Big {
  const { planVersionId, definition, anchorAt, costsFrom } = phase;
  const { currency, billingInterval, roundingStepMinor: stepMinor = 1 } = definition;
  const anchorMs = anchorAt.getTime();
  const serviceMs = Math.max(feePeriodAt(billingInterval, anchorMs, at.getTime()).startMs, phase.startsAt.getTime());
  const fee = parseDecimal(definition.fixedFee, 'fixedFee');
  const inForce = coupons.find((coupon) => {
    const span = couponSpan(coupon, anchorMs, [{ startsAt: costsFrom, endsAt: null, isTrial: false }]);
    return span && serviceMs >= span.startMs && serviceMs < span.endMs && isForVersion(coupon, { planVersionId });
  });
  if (!inForce) return new Big(0);
  if (inForce.percentOff !== null) return fee.times(inForce.percentOff).times('0.01');
  const step = BigInt(stepMinor);
  const most = new Big(formatMinor((inForce.amountOffMinor! / step) * step, currency));
  return most.lt(fee) ? most : fee;
}
