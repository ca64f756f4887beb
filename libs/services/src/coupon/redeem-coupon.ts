import { type Coupon, NotFoundError, type RedeemedCoupon, requireRedeemable, toCouponCode } from '#domain';
import {
  type CouponOfCode,
  type OfferedPlanVersion,
  type Transaction,
  findCouponOfCode,
  insertCouponRedemption,
  listRedeemedCoupons,
  readRedeemable,
} from '#persistence';

/** A code that an organization gives for a plan. */
export interface CouponAsked {
  readonly code: string;
  readonly organizationId: string;
  readonly offered: Pick<OfferedPlanVersion, 'plan' | 'definition' | 'apiProductId'>;
  readonly at: Date;
}

/**
 * The coupon of a code, which can be redeemed for the plan. With `locked` that stays so until the transaction ends.
 * @throws NotFoundError `coupon_code_not_found`, also for one that is archived or of another publisher; ConflictError
 *   `coupon_not_for_plan`, `coupon_currency_differs`, `coupon_redeemed`, `coupon_expired`, `coupon_exhausted`
 */
export async function findRedeemable(
  transaction: Transaction,
  { code, organizationId, offered, at }: CouponAsked,
  locked: 'locked' | 'not locked' = 'not locked',
): Promise<Coupon> {
  const found = await findCoupon(transaction, { code, organizationId, offered }, locked);
  if (!found)
    throw new NotFoundError('coupon code', 'There is no such code for this plan: check its letters, or leave it out.');
  const { coupon, plan, wasRedeemed } = found;
  requireRedeemable(coupon, { plan, currency: offered.definition.currency, at, wasRedeemed });
  return coupon;
}

/** A coupon that can be redeemed, as a subscription that begins would. @throws as `findRedeemable` */
export async function asRedeemed(transaction: Transaction, asked: CouponAsked): Promise<RedeemedCoupon> {
  const { id: couponId } = await findRedeemable(transaction, asked);
  return readRedeemable(transaction, { couponId, apiProductId: asked.offered.apiProductId });
}

/** What a subscription has redeemed, the earliest first. */
export async function redeemedBy(transaction: Transaction, subscriptionId: string): Promise<readonly RedeemedCoupon[]> {
  return (await listRedeemedCoupons(transaction, [subscriptionId])).get(subscriptionId) ?? [];
}

/** The coupon of a code of the plan's publisher, whether it can be redeemed or not; null for none. */
export async function findCoupon(
  transaction: Transaction,
  { code, organizationId, offered }: Omit<CouponAsked, 'at'>,
  locked: 'locked' | 'not locked' = 'not locked',
): Promise<CouponOfCode | null> {
  const known = toCouponCode(code);
  if (known === null) return null;
  return findCouponOfCode(transaction, { code: known, planId: offered.plan.id, organizationId }, locked);
}

/**
 * Redeems the coupon of a code for a subscription: once for each organization, and not more often than it may be altogether,
 * however many ask at the same time. `countsFrom` is null for one that begins. @throws as `findRedeemable`
 */
export async function redeemCoupon(
  transaction: Transaction,
  {
    subscriptionId,
    countsFrom,
    ...asked
  }: CouponAsked & { readonly subscriptionId: string; readonly countsFrom: Date | null },
): Promise<Coupon> {
  const coupon = await findRedeemable(transaction, asked, 'locked');
  await insertCouponRedemption(transaction, {
    subscriptionId,
    organizationId: asked.organizationId,
    couponId: coupon.id,
    code: toCouponCode(asked.code)!,
    redeemedAt: asked.at,
    countsFrom,
  });
  return coupon;
}
