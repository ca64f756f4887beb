import { expect, it } from 'vitest';
import type { RedeemedCoupon } from './coupon-discount.js';
import { type CouponedPhase, couponOfFee } from './coupon-of-fee.js';

const day = (text: string) => new Date(`${text}T00:00:00Z`);
const anchorAt = day('2026-01-31');
const monthly: CouponedPhase = {
  planVersionId: 'pro',
  definition: { currency: 'USD', fixedFee: '10.00', billingInterval: 'month' },
  startsAt: anchorAt,
  anchorAt,
  costsFrom: anchorAt,
};
const yearly: CouponedPhase = { ...monthly, definition: { ...monthly.definition, billingInterval: 'year' } };
const coupon: RedeemedCoupon = {
  couponId: 'spring',
  title: 'Spring sale',
  percentOff: '12.5',
  amountOffMinor: null,
  currency: null,
  months: 2,
  planVersionIds: null,
  countsFrom: null,
  endsAt: null,
};
const amount = (amountOffMinor: bigint): RedeemedCoupon => ({
  ...coupon,
  percentOff: null,
  amountOffMinor,
  currency: 'USD',
});

it.each<[string, CouponedPhase, RedeemedCoupon[], string, string]>([
  ['a share in its months', monthly, [coupon], '2026-03-30', '1.25'],
  ['nothing after its months', monthly, [coupon], '2026-03-31', '0'],
  ['an amount', monthly, [amount(300n)], '2026-02-01', '3'],
  ['no more than the fee', monthly, [amount(1_001n)], '2026-02-01', '10'],
  ['nothing before it counts', monthly, [{ ...coupon, countsFrom: day('2026-02-28') }], '2026-02-27', '0'],
  ['a share from when it counts', monthly, [{ ...coupon, countsFrom: day('2026-02-28') }], '2026-04-01', '1.25'],
  ['nothing after it was removed', monthly, [{ ...coupon, endsAt: day('2026-02-28') }], '2026-02-28', '0'],
  ['nothing of other plans', monthly, [{ ...coupon, planVersionIds: ['free'] }], '2026-02-01', '0'],
  [
    'the coupon after another',
    monthly,
    [coupon, { ...amount(300n), countsFrom: day('2026-03-31') }],
    '2026-04-01',
    '3',
  ],
  ['a year that began with it, to its end', yearly, [coupon], '2027-01-30', '1.25'],
  ['nothing of the next year', yearly, [coupon], '2027-01-31', '0'],
  ['the months after a trial', { ...monthly, costsFrom: day('2026-03-05') }, [coupon], '2026-04-01', '1.25'],
  [
    'an amount in steps of its currency',
    { ...monthly, definition: { ...monthly.definition, roundingStepMinor: 200 } },
    [amount(300n)],
    '2026-02-01',
    '2',
  ],
])('takes off a fee %s', (_, phase, coupons, at, off) => {
  expect(couponOfFee(phase, coupons, day(at)).toString()).toBe(off);
});
