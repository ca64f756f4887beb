import type { Coupon, RedeemedCoupon } from '#domain';
import { trimDecimal } from '../database/columns.js';
import type { Transaction } from '../database/unit-of-work.js';
import { COUPON_COLUMNS, type CouponRow, toCoupon } from './coupon-row.js';

/** A coupon that a code is of, with what decides whether it can be redeemed for a plan. */
export interface CouponOfCode {
  readonly coupon: Coupon;
  /** "product/plan" of the plan that was asked for. */
  readonly plan: string;
  /** The organization has redeemed it. */
  readonly wasRedeemed: boolean;
}

/**
 * The coupon of a code of the publisher of a plan; null when there is none, or it or the code is archived. With `locked`, nobody
 * else redeems it until the transaction ends.
 */
export async function findCouponOfCode(
  transaction: Transaction,
  { code, planId, organizationId }: { readonly code: string; readonly planId: string; readonly organizationId: string },
  locked: 'locked' | 'not locked',
): Promise<CouponOfCode | null> {
  const [row] = await transaction.query<CouponRow & { readonly plan: string }>(
    `SELECT ${COUPON_COLUMNS}, api_product.slug || '/' || plan.slug AS plan
     FROM plan JOIN api_product ON api_product.id = plan.api_product_id
     JOIN coupon_code ON coupon_code.publisher_team_id = api_product.publisher_team_id AND coupon_code.code = $1
     JOIN coupon ON coupon.id = coupon_code.coupon_id
     WHERE plan.id = $2 AND coupon_code.archived_at IS NULL AND coupon.archived_at IS NULL
     ${locked === 'locked' ? 'FOR UPDATE OF coupon' : ''}`,
    [code, planId],
  );
  if (!row) return null;
  // Asked with the lock: whoever redeemed it meanwhile is seen.
  const earlier = await transaction.query(
    `SELECT FROM coupon_redemption WHERE coupon_id = $1 AND organization_id = $2`,
    [row.id, organizationId],
  );
  const { plan, ...coupon } = row;
  return { coupon: toCoupon(coupon), plan, wasRedeemed: earlier.length > 0 };
}

/** Redeems a coupon for a subscription; the database counts it, and refuses what is beyond the bound. */
export async function insertCouponRedemption(
  transaction: Transaction,
  redemption: {
    readonly subscriptionId: string;
    readonly organizationId: string;
    readonly couponId: string;
    readonly code: string;
    readonly redeemedAt: Date;
    /** Null for the first month of the subscription. */
    readonly countsFrom: Date | null;
  },
): Promise<void> {
  const { subscriptionId, organizationId, couponId, code, redeemedAt, countsFrom } = redemption;
  await transaction.query(
    `INSERT INTO coupon_redemption (subscription_id, organization_id, coupon_id, code, redeemed_at, counts_from)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [subscriptionId, organizationId, couponId, code, redeemedAt, countsFrom],
  );
}

/** Lets a redeemed coupon end; once, which the database sees to. */
export async function endCouponRedemption(
  transaction: Transaction,
  {
    subscriptionId,
    couponId,
    endsAt,
  }: { readonly subscriptionId: string; readonly couponId: string; readonly endsAt: Date },
): Promise<void> {
  await transaction.query(
    `UPDATE coupon_redemption SET ends_at = $3 WHERE subscription_id = $1 AND coupon_id = $2 AND ends_at IS NULL`,
    [subscriptionId, couponId, endsAt],
  );
}

type RedeemedRow = Omit<RedeemedCoupon, 'amountOffMinor'> & {
  readonly subscriptionId: string;
  readonly amountOffMinor: string | null;
};

/** What subscriptions have redeemed, by subscription, the earliest first; those without a coupon are not in it. */
export async function listRedeemedCoupons(
  transaction: Transaction,
  subscriptionIds: readonly string[],
): Promise<Map<string, RedeemedCoupon[]>> {
  const rows = await transaction.query<RedeemedRow>(
    `SELECT subscription_id AS "subscriptionId", coupon.id AS "couponId", coupon.title, coupon.percent_off AS "percentOff",
       coupon.amount_off_minor AS "amountOffMinor", coupon.currency, coupon.months,
       ${VERSIONS} AS "planVersionIds", coupon_redemption.counts_from AS "countsFrom", coupon_redemption.ends_at AS "endsAt"
     FROM coupon_redemption JOIN coupon ON coupon.id = coupon_id
     JOIN subscription ON subscription.id = subscription_id
     JOIN api_product ON api_product.id = subscription.api_product_id
     WHERE subscription_id = ANY ($1) ORDER BY coupon_redemption.redeemed_at, coupon.id`,
    [subscriptionIds],
  );
  const redeemed = new Map<string, RedeemedCoupon[]>();
  for (const { subscriptionId, ...row } of rows)
    redeemed.set(subscriptionId, [...(redeemed.get(subscriptionId) ?? []), toRedeemed(row)]);
  return redeemed;
}

/** A coupon as a subscription to a product would have redeemed it when it was made. */
export async function readRedeemable(
  transaction: Transaction,
  { couponId, apiProductId }: { readonly couponId: string; readonly apiProductId: string },
): Promise<RedeemedCoupon> {
  const rows = await transaction.query<Omit<RedeemedRow, 'subscriptionId'>>(
    `SELECT coupon.id AS "couponId", coupon.title, coupon.percent_off AS "percentOff",
       coupon.amount_off_minor AS "amountOffMinor", coupon.currency, coupon.months, ${VERSIONS} AS "planVersionIds",
       NULL AS "countsFrom", NULL AS "endsAt"
     FROM coupon JOIN api_product ON api_product.id = $2 WHERE coupon.id = $1`,
    [couponId, apiProductId],
  );
  return toRedeemed(rows[0]!);
}

/** The versions of the product's plans that a coupon is for, the terms of single subscriptions too; null for all. */
const VERSIONS = `CASE WHEN coupon.offers = '{}' OR api_product.slug = ANY (coupon.offers) THEN NULL ELSE (
         SELECT coalesce(array_agg(plan_version.id ORDER BY plan_version.id), '{}') FROM plan_version JOIN plan ON plan.id = plan_id
         WHERE plan.api_product_id = api_product.id AND api_product.slug || '/' || plan.slug = ANY (coupon.offers)) END`;

function toRedeemed({ amountOffMinor, percentOff, ...row }: Omit<RedeemedRow, 'subscriptionId'>): RedeemedCoupon {
  return {
    ...row,
    percentOff: percentOff === null ? null : trimDecimal(percentOff),
    amountOffMinor: amountOffMinor === null ? null : BigInt(amountOffMinor),
  };
}
