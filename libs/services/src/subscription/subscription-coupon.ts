import { ConflictError, type RedeemedCoupon, couponSpan, couponStartMs, monthlyPeriodAt, phaseAt } from '#domain';
import {
  type Actor,
  type OfferedPlanVersion,
  type PricedPhase,
  type Transaction,
  endCouponRedemption,
  findOfferedPlanVersion,
  listPricedPhases,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { asRedeemed, findCoupon, redeemCoupon, redeemedBy } from '../coupon/redeem-coupon.js';
import { type EstimatedPeriod, estimatePeriodFromLedger } from '../period/rate-from-ledger.js';
import { type SubscriptionOverview, findSubscriptionWithin } from './list-subscriptions.js';
import { type LiveSubscription, currentPeriod, lockLiveSubscription, recordChange } from './live-subscription.js';
import { type PublishedSubscriptionInput, lockPublished } from './override-subscription.js';

/** A code for a subscription that runs, given by its organization or by the publisher of its product. */
export type RedeemInput = (
  | { readonly organizationId: string; readonly subscriptionId: string }
  | PublishedSubscriptionInput
) & { readonly couponCode: string };

/** What a code would do. */
export interface CouponPreview extends EstimatedPeriod {
  readonly coupon: RedeemedCoupon;
  readonly currency: string;
  /** The start of the month from which it would count. */
  readonly from: Date;
  /** The invoice of the period that is under way as it would be without it, by what was used so far. */
  readonly unchanged: EstimatedPeriod;
}

/**
 * Redeems a code for a subscription that runs. It counts from the month under way, or from the first that is not paid in advance;
 * invoices that there are stay as they are. Repeated with a code of the same coupon, it changes nothing.
 * @throws NotFoundError `subscription_not_found`, `coupon_code_not_found`; ConflictError `subscription_canceled`,
 *   `approval_pending`, `cancel_scheduled`, `coupon_in_force`, and those of `findRedeemable`
 */
export function redeemForSubscription(
  context: ServiceContext,
  input: RedeemInput & { readonly actor: Actor },
): Promise<SubscriptionOverview> {
  const { couponCode: code, actor } = input;
  return withLive(context, input, async (transaction, live) => {
    const { subscription, at } = live;
    const found = await prepare(transaction, live);
    if (!(await isRedeemed(transaction, code, found))) {
      requireNone(found);
      const { asked, countsFrom } = found;
      const which = { ...asked, code, at, subscriptionId: subscription.id, countsFrom };
      const { slug } = await redeemCoupon(transaction, which);
      await recordChange(context, transaction, subscription, {
        actor,
        action: 'redeemed a coupon for',
        details: { coupon: slug, countsFrom: countsFrom.toISOString() },
        event: { type: 'subscription.changed', change: 'coupon_redeemed' },
      });
    }
    return findSubscriptionWithin(transaction, subscription.id, at);
  });
}

/**
 * From when a code would count, and the invoice of the period that is under way with it and without it, by what was used so
 * far, by the function that closes the period. Redeems nothing.
 * @throws as `redeemForSubscription`, and `coupon_redeemed` for a code that the subscription has
 */
export function previewRedemption(context: ServiceContext, input: RedeemInput): Promise<CouponPreview> {
  return withLive(context, input, async (transaction, live) => {
    const { subscription, at } = live;
    const { id: subscriptionId, organizationId } = subscription;
    const found = await prepare(transaction, live);
    const { asked, countsFrom, redeemed } = found;
    if (!(await isRedeemed(transaction, input.couponCode, found))) requireNone(found);
    const coupon = { ...(await asRedeemed(transaction, { ...asked, code: input.couponCode, at })), countsFrom };
    const period = { subscriptionId, organizationId, ...currentPeriod(subscription, at) };
    return {
      coupon,
      currency: asked.offered.definition.currency,
      from: countsFrom,
      ...(await estimatePeriodFromLedger(context, transaction, period, { coupons: [...redeemed, coupon] })),
      unchanged: await estimatePeriodFromLedger(context, transaction, period),
    };
  });
}

/**
 * Removes the coupon of a subscription with the end of the month: what that costs is less by it, the next costs what the plan says.
 * It stays redeemed. Repeated, it changes nothing.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_canceled`, `coupon_not_in_force`
 */
export function removeCoupon(
  context: ServiceContext,
  { reason, actor, ...input }: PublishedSubscriptionInput & { readonly reason: string; readonly actor: Actor },
): Promise<SubscriptionOverview> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const { subscription, at } = await lockPublished(context, transaction, input);
    const { id: subscriptionId, anchorAt } = subscription;
    const last = (await redeemedBy(transaction, subscriptionId)).at(-1);
    const phases = await listPricedPhases(transaction, subscriptionId);
    if (!last || endOf(last, anchorAt, phases) <= at.getTime())
      throw new ConflictError(
        'coupon_not_in_force',
        'The subscription has no coupon that takes anything off: there is none to remove.',
      );
    if (last.endsAt === null) {
      const endsAt = new Date(monthlyPeriodAt(anchorAt.getTime(), at.getTime()).endMs);
      await endCouponRedemption(transaction, { subscriptionId, couponId: last.couponId, endsAt });
      await recordChange(context, transaction, subscription, {
        actor,
        action: 'removed the coupon of',
        details: { title: last.title, endsAt: endsAt.toISOString(), reason },
        event: { type: 'subscription.changed', change: 'coupon_removed' },
      });
    }
    return findSubscriptionWithin(transaction, subscriptionId, at);
  });
}

function withLive<Result>(
  context: ServiceContext,
  input: RedeemInput,
  work: (transaction: Transaction, live: LiveSubscription) => Promise<Result>,
): Promise<Result> {
  if ('organizationId' in input) {
    return context.unitOfWork.inOrganization(input.organizationId, async (transaction) =>
      work(transaction, await lockLiveSubscription(context, transaction, input.subscriptionId)),
    );
  }
  return context.unitOfWork.inSystem(async (transaction) =>
    work(transaction, await lockPublished(context, transaction, input)),
  );
}

interface Prepared {
  readonly countsFrom: Date;
  /** By the plan that is in force then. */
  readonly asked: { readonly organizationId: string; readonly offered: OfferedPlanVersion };
  readonly redeemed: readonly RedeemedCoupon[];
  readonly anchorAt: Date;
  readonly phases: readonly PricedPhase[];
}

async function prepare(transaction: Transaction, { subscription, at }: LiveSubscription): Promise<Prepared> {
  const { id, organizationId, anchorAt, cancelAt } = subscription;
  if (subscription.state === 'pending_approval') {
    throw new ConflictError(
      'approval_pending',
      'The subscription waits for approval. Cancel it and subscribe with the code instead.',
    );
  }
  const phases = await listPricedPhases(transaction, id);
  const countsFrom = new Date(couponStartMs(phases, anchorAt.getTime(), at.getTime()));
  if (cancelAt !== null && cancelAt <= countsFrom) {
    throw new ConflictError(
      'cancel_scheduled',
      'The subscription ends before the code would take anything off. Take the cancellation back first, then enter the code.',
    );
  }
  const { planVersionId } = phaseAt(phases, countsFrom);
  const offered = (await findOfferedPlanVersion(transaction, planVersionId))!;
  const redeemed = await redeemedBy(transaction, id);
  return { countsFrom, asked: { organizationId, offered }, redeemed, anchorAt, phases };
}

/** True when the subscription has the coupon of the code, and it is not over. */
async function isRedeemed(
  transaction: Transaction,
  code: string,
  { asked, redeemed, anchorAt, phases, countsFrom }: Prepared,
): Promise<boolean> {
  const found = await findCoupon(transaction, { ...asked, code });
  return redeemed.some(
    (one) => one.couponId === found?.coupon.id && endOf(one, anchorAt, phases) > countsFrom.getTime(),
  );
}

/** Of a month there is one coupon. @throws ConflictError `coupon_in_force` */
function requireNone({ redeemed, anchorAt, phases, countsFrom }: Prepared): void {
  for (const one of redeemed) {
    const endMs = endOf(one, anchorAt, phases);
    if (endMs <= countsFrom.getTime()) continue;
    throw new ConflictError(
      'coupon_in_force',
      Number.isFinite(endMs)
        ? `The subscription has the offer "${one.title}" until ${new Date(endMs).toISOString()}: enter the code after that.`
        : `The subscription has the offer "${one.title}", which goes on: ask the product team to remove it first.`,
    );
  }
}

/** When a coupon is over: infinite when it goes on, or that is not known yet. */
function endOf(coupon: RedeemedCoupon, anchorAt: Date, phases: readonly PricedPhase[]): number {
  return couponSpan(coupon, anchorAt.getTime(), phases)?.endMs ?? coupon.endsAt?.getTime() ?? Infinity;
}
