import { Big } from 'big.js';
import { isFreeOfCharge } from '../catalog/api-product.js';
import type { PlanDefinition } from '../catalog/plan-definition.js';
import { parseDecimal } from '../money/decimal.js';
import { settle } from '../money/minor-units.js';
import { type RedeemedCoupon, isForVersion } from './coupon-discount.js';

interface PricedVersion {
  readonly id: string;
  readonly definition: PlanDefinition;
}

/** What of a redeemed coupon says whether anything is left to be paid. */
export type UnnamedCoupon = Omit<RedeemedCoupon, 'couponId' | 'title'>;

/**
 * True when a plan version can never cost a subscription anything from `at` on, so that no payment method is asked for: it is free of
 * charge, or a coupon that goes on for good takes off all that it ever charges.
 */
export function costsNothing(version: PricedVersion, coupons: readonly UnnamedCoupon[], at: Date): boolean {
  return isFreeOfCharge(version.definition) || coupons.some((coupon) => isFreeWith(coupon, version, at));
}

function isFreeWith(coupon: UnnamedCoupon, { id, definition }: PricedVersion, at: Date): boolean {
  const { percentOff, amountOffMinor, currency, months, countsFrom, endsAt } = coupon;
  const goesOn = months === null && endsAt === null && (countsFrom === null || countsFrom <= at);
  if (!goesOn || !isForVersion(coupon, { planVersionId: id })) return false;
  if (percentOff !== null) return new Big(percentOff).eq(100);
  const { setupFee = '0', fixedFee, ...rest } = definition;
  // Usage has no bound, and an amount off has.
  if (currency !== definition.currency || !isFreeOfCharge({ ...rest, fixedFee: '0' })) return false;
  const step = BigInt(definition.roundingStepMinor ?? 1);
  const feesMinor =
    settle(parseDecimal(fixedFee, 'fixedFee'), definition) + settle(parseDecimal(setupFee, 'setupFee'), definition);
  return feesMinor <= (amountOffMinor! / step) * step;
}
