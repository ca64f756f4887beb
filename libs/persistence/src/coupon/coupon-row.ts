import type { Coupon } from '#domain';
import { trimDecimal } from '../database/columns.js';

/** A coupon as the driver gives it. */
export type CouponRow = Omit<Coupon, 'amountOffMinor'> & { readonly amountOffMinor: string | null };

export const COUPON_COLUMNS = `coupon.id, coupon.publisher_team_id AS "publisherTeamId", coupon.slug, coupon.title,
  coupon.percent_off AS "percentOff", coupon.amount_off_minor AS "amountOffMinor", coupon.currency, coupon.months, coupon.offers,
  coupon.max_redemptions AS "maxRedemptions", coupon.redeemed, coupon.expires_at AS "expiresAt",
  coupon.archived_at AS "archivedAt", coupon.created_at AS "createdAt"`;

export function toCoupon({ amountOffMinor, percentOff, ...row }: CouponRow): Coupon {
  return {
    ...row,
    percentOff: percentOff === null ? null : trimDecimal(percentOff),
    amountOffMinor: amountOffMinor === null ? null : BigInt(amountOffMinor),
  };
}
