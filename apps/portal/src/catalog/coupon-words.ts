import type { Coupon, Subscription } from '../api/types.js';
import { formatDate, formatPeriod } from '../format/date.js';

type Takes = Pick<Coupon, 'percentOff' | 'amountOff' | 'months'>;

/** "20% off for 3 months", "$5.00 off the first month": what a coupon takes off, and for how long. */
export function couponWords({ percentOff, amountOff, months }: Takes): string {
  const off = amountOff === null ? `${percentOff}% off` : `${amountOff.formatted} off`;
  if (months === 1) return `${off} the first month`;
  const span = months === null ? 'for good' : `for ${months} months`;
  return amountOff === null ? `${off} ${span}` : `${off} each month ${span}`;
}

/** "20% off, Feb 28 – May 31, 2026": what is taken off a subscription, and when. */
export function couponInForceWords(coupon: NonNullable<Subscription['coupon']>): string {
  const { percentOff, amountOff, from, until } = coupon;
  if (from === null) return couponWords(coupon);
  const off = amountOff === null ? `${percentOff}% off` : `${amountOff.formatted} off each month`;
  const span =
    until === null ? `from ${formatDate(new Date(from), 'UTC')}` : formatPeriod(new Date(from), new Date(until));
  return `${off}, ${span}`;
}

/** "3 of 10", "3". */
export function redeemedWords({ redeemed, maxRedemptions }: Pick<Coupon, 'redeemed' | 'maxRedemptions'>): string {
  return maxRedemptions === null ? `${redeemed}` : `${redeemed} of ${maxRedemptions}`;
}

/** Whether it can still be redeemed, at an instant, and why not. */
export function couponState(
  {
    archivedAt,
    expiresAt,
    redeemed,
    maxRedemptions,
  }: Pick<Coupon, 'archivedAt' | 'expiresAt' | 'redeemed' | 'maxRedemptions'>,
  nowMs: number,
): { readonly label: string; readonly tone: 'positive' | 'neutral' } {
  if (archivedAt !== null) return { label: 'Archived', tone: 'neutral' };
  if (expiresAt !== null && Date.parse(expiresAt) <= nowMs) return { label: 'Expired', tone: 'neutral' };
  if (maxRedemptions !== null && redeemed >= maxRedemptions) return { label: 'Used up', tone: 'neutral' };
  return { label: 'Active', tone: 'positive' };
}
