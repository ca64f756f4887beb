import type { PlanDefinition } from '../catalog/plan-definition.js';
import { type UnnamedCoupon, costsNothing } from '../coupon/costs-nothing.js';
import { isForVersion } from '../coupon/coupon-discount.js';

/** From when on a subscription costs more than before although nobody changes it, and why. */
export interface PriceRise {
  readonly at: Date;
  readonly because: 'trial_ends' | 'coupon_ends';
}

/** What of a subscription says when it will cost more. */
export interface PricedSubscription {
  readonly planVersionId: string;
  /** What its plan says, also while the trial of it is under way. */
  readonly definition: PlanDefinition;
  /** The end of the trial that is under way; null when there is none. */
  readonly trialEndsAt: Date | null;
  /** What it redeemed last, and the exclusive end of its months; null for none. */
  readonly coupon: { readonly redeemed: UnnamedCoupon; readonly until: Date | null } | null;
  /** When it ends, or another plan begins that somebody chose, whose price was shown then; null for neither. */
  readonly plannedAt: Date | null;
}

const DAY_MS = 86_400_000;
const NOTICE_MS = 7 * DAY_MS;

/**
 * The first end of a trial or a coupon that is still to come; null where there is none, where it makes nothing dearer because the
 * plan costs nothing then either, or where the subscription ends or changes before. A pure function.
 */
export function priceRise(subscription: PricedSubscription, at: Date): PriceRise | null {
  const { planVersionId, definition, trialEndsAt, coupon, plannedAt } = subscription;
  const ends: PriceRise[] = [];
  if (trialEndsAt !== null) ends.push({ at: trialEndsAt, because: 'trial_ends' });
  if (coupon && coupon.until !== null && isForVersion(coupon.redeemed, { planVersionId }))
    ends.push({ at: coupon.until, because: 'coupon_ends' });
  const [first] = ends.filter((end) => end.at > at).sort((one, other) => one.at.getTime() - other.at.getTime());
  if (!first || (plannedAt !== null && plannedAt <= first.at)) return null;
  const redeemed = coupon ? [coupon.redeemed] : [];
  return costsNothing({ id: planVersionId, definition }, redeemed, first.at) ? null : first;
}

/** When those who pay are told of a rise: a week before, or in the middle of a time since `from` that is shorter than two. */
export function priceRiseNoticeAt({ at }: Pick<PriceRise, 'at'>, from: Date): Date {
  const aheadMs = Math.min(NOTICE_MS, Math.max(0, at.getTime() - from.getTime()) / 2);
  return new Date(at.getTime() - Math.floor(aheadMs));
}
