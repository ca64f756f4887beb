import type { Metadata } from '../http/metadata.js';
import { noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';

export interface Coupon {
  readonly id: string;
  readonly object: 'coupon';
  readonly amount_off: number | null;
  readonly created: number;
  readonly currency: string | null;
  readonly duration: 'forever' | 'once' | 'repeating';
  readonly duration_in_months: number | null;
  readonly livemode: false;
  readonly max_redemptions: number | null;
  readonly metadata: Metadata;
  readonly name: string | null;
  readonly percent_off: number | null;
  readonly redeem_by: number | null;
  readonly times_redeemed: number;
  readonly valid: boolean;
}

export function couponOf(call: Call, id: string, param = 'id'): Coupon {
  const coupon = call.store.get('coupons', id);
  if (coupon === undefined) throw noSuch('coupon', id, param);
  return coupon;
}

/** A coupon ends at its time, or when it was used as often as it may be. */
export function isRedeemable(
  call: Call,
  { max_redemptions: most, redeem_by: until, times_redeemed: times }: Coupon,
): boolean {
  return (until === null || until > call.now) && (most === null || times < most);
}
