import { ConflictError } from '../problem/tollgate-error.js';
import type { Coupon } from './coupon.js';

/** What somebody wants a coupon for. */
export interface CouponUse {
  /** "product/plan". */
  readonly plan: string;
  readonly currency: string;
  readonly at: Date;
  /** The organization has redeemed it before. */
  readonly wasRedeemed: boolean;
}

/** True when the coupon is for the plan, which is "product/plan". */
export function isCouponFor({ offers }: Pick<Coupon, 'offers'>, plan: string): boolean {
  return offers.length === 0 || offers.includes(plan) || offers.includes(plan.split('/')[0]!);
}

/**
 * Lets a coupon pass that can be redeemed. One that is archived is for the caller not to find.
 * @throws ConflictError `coupon_not_for_plan`, `coupon_currency_differs`, `coupon_redeemed`, `coupon_expired`,
 *   `coupon_exhausted`
 */
export function requireRedeemable(coupon: Omit<Coupon, 'slug'>, { plan, currency, at, wasRedeemed }: CouponUse): void {
  if (!isCouponFor(coupon, plan))
    throw new ConflictError(
      'coupon_not_for_plan',
      'This code is not for the plan: choose another plan, or leave it out.',
    );
  if (coupon.currency !== null && coupon.currency !== currency)
    throw new ConflictError(
      'coupon_currency_differs',
      `This code takes off an amount in ${coupon.currency}, and the plan is in ${currency}: leave it out.`,
    );
  if (wasRedeemed)
    throw new ConflictError('coupon_redeemed', 'The organization has used this offer before: leave the code out.');
  if (coupon.expiresAt !== null && coupon.expiresAt <= at)
    throw new ConflictError('coupon_expired', 'This code has expired: leave it out.');
  if (coupon.maxRedemptions !== null && coupon.redeemed >= coupon.maxRedemptions)
    throw new ConflictError('coupon_exhausted', 'This code has been used as often as it can be: leave it out.');
}
