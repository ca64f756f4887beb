import {
  NotFoundError,
  type PlanDefinition,
  type PriceRise,
  type SubscriptionStatus,
  couponSpan,
  definitionOfPhase,
  monthlyPeriodAt,
  priceRise,
  subscriptionStatus,
} from '#domain';
import {
  type ListedRedemption,
  type ListedSubscription,
  type Slice,
  type Transaction,
  listSubscriptionsMatching,
} from '#persistence';
import { termsOf } from '../catalog/plan-in-file.js';
import type { ServiceContext } from '../context.js';
import { type PlanDifference, planDifferences } from '../plan/plan-differences.js';

/** A redeemed coupon with the months in which it takes something off. */
export interface CouponInForce extends ListedRedemption {
  /** Null while the subscription is on trial only: from the month with which that ends. */
  readonly from: Date | null;
  /** Exclusive; null when it goes on, or is not known yet. */
  readonly until: Date | null;
}

/** A subscription with its status, and the billing period that holds the present instant; the end is exclusive. */
export interface SubscriptionOverview extends ListedSubscription {
  /** The coupon that takes something off it, or will; null for none, also when it is over. */
  readonly coupon: CouponInForce | null;
  /** From when on it costs more although nobody changes it; null when that is not to come. */
  readonly priceRise: PriceRise | null;
  readonly status: SubscriptionStatus;
  readonly currentPeriod: { readonly start: Date; readonly end: Date };
  /** What the gateways hold its calls to: in a trial, its quotas. */
  readonly limits: Pick<PlanDefinition, 'rateLimits' | 'concurrency' | 'quotas'>;
  /** Where its terms are other than those of its plan; null where they are not. */
  readonly ownTerms: readonly PlanDifference[] | null;
}

/** The organization's subscriptions, newest first, after an id. */
export async function listSubscriptions(
  context: ServiceContext,
  organizationId: string,
  { after, limit }: Slice = {},
): Promise<SubscriptionOverview[]> {
  const at = context.clock.now();
  const found = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    listSubscriptionsMatching(transaction, { organizationId }, at, { before: after, limit }),
  );
  return found.map((subscription) => withCurrentPeriod(subscription, at));
}

/**
 * A subscription of any organization, for whoever operates the installation.
 * @throws NotFoundError `subscription_not_found`
 */
export function findSubscription(context: ServiceContext, subscriptionId: string): Promise<SubscriptionOverview> {
  return context.unitOfWork.inSystem((transaction) =>
    findSubscriptionWithin(transaction, subscriptionId, context.clock.now()),
  );
}

export async function findSubscriptionWithin(
  transaction: Transaction,
  subscriptionId: string,
  at: Date,
): Promise<SubscriptionOverview> {
  const [found] = await listSubscriptionsMatching(transaction, { subscriptionId }, at);
  if (!found) throw new NotFoundError('subscription');
  return withCurrentPeriod(found, at);
}

/** Adds the status and the billing period of `at`. */
export function withCurrentPeriod(subscription: ListedSubscription, at: Date): SubscriptionOverview {
  const period = monthlyPeriodAt(subscription.anchorAt.getTime(), at.getTime());
  const status = subscriptionStatus(subscription, at);
  const currentPeriod = { start: new Date(period.startMs), end: new Date(period.endMs) };
  const { definition, planDefinition } = subscription;
  const coupon = couponInForce(subscription, at);
  return {
    ...subscription,
    coupon,
    priceRise: status === 'canceled' ? null : riseOf(subscription, coupon, at),
    status,
    currentPeriod,
    limits: definitionOfPhase(definition, subscription.isTrial),
    ownTerms: planDefinition && planDifferences(termsOf(planDefinition), termsOf(definition)),
  };
}

function couponInForce({ coupon, costsFrom, anchorAt }: ListedSubscription, at: Date): CouponInForce | null {
  if (!coupon) return null;
  const phases = costsFrom === null ? [] : [{ startsAt: costsFrom, endsAt: null, isTrial: false }];
  const span = couponSpan(coupon, anchorAt.getTime(), phases);
  const isOver = span ? span.endMs <= Math.max(at.getTime(), span.startMs) : coupon.endsAt !== null;
  if (isOver) return null;
  const until = span && Number.isFinite(span.endMs) ? new Date(span.endMs) : null;
  return { ...coupon, from: span && new Date(span.startMs), until };
}

function riseOf(subscription: ListedSubscription, coupon: CouponInForce | null, at: Date): PriceRise | null {
  const { planVersionId, definition, trialEndsAt, currency, cancelAt, plannedChange } = subscription;
  const redeemed = coupon && {
    ...coupon,
    amountOffMinor: coupon.amountOffMinor === null ? null : BigInt(coupon.amountOffMinor),
    currency: coupon.amountOffMinor === null ? null : currency,
    planVersionIds: coupon.isForPlan ? null : [],
  };
  return priceRise(
    {
      planVersionId,
      definition,
      trialEndsAt,
      coupon: redeemed && { redeemed, until: redeemed.until },
      plannedAt: cancelAt ?? plannedChange?.startsAt ?? null,
    },
    at,
  );
}
