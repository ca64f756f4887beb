import {
  type RedeemedCoupon,
  type TimeSpan,
  costsNothing,
  definitionOfPhase,
  hasFeesAtStart,
  monthlyPeriod,
} from '#domain';
import {
  type OfferedPlanVersion,
  type PricedPhase,
  type Transaction,
  listCreditsForProduct,
  readSaleOfProduct,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { asRedeemed } from '../coupon/redeem-coupon.js';
import { paidWith } from '../credit/pay-with-credits.js';
import type { EstimatedPeriod } from '../period/rate-from-ledger.js';
import { ratePeriod } from '../period/rate-period.js';
import { taxSales } from '../tax/tax-periods.js';
import { requireOffered } from './subscribe.js';
import { type TrialAsker, mayHaveTrial, trialSubjects } from './trial-right.js';

const DAY_MS = 86_400_000;

/** What a subscription would cost, if it were made now. */
export interface SubscriptionPreview {
  readonly currency: string;
  /** Null without a trial, also when it was had before. */
  readonly trialDays: number | null;
  /** Null when no code is given. */
  readonly coupon: RedeemedCoupon | null;
  /** Nothing will ever be due, so no payment method is asked for. */
  readonly costsNothing: boolean;
  /** The invoice that is made at once; over nothing when nothing is due in advance. */
  readonly atStart: EstimatedPeriod;
  /** The invoice of the first month, if nothing is used, less what prepaid credits in store pay of a minimum. */
  readonly firstPeriod: EstimatedPeriod;
}

/**
 * The first invoices of a subscription, by the function that closes periods. Redeems nothing.
 * @throws NotFoundError `plan_version_not_found`, `coupon_code_not_found`; ConflictError `plan_version_retired`, and those of
 *   `findRedeemable`
 */
export async function previewSubscription(
  context: ServiceContext,
  input: TrialAsker & { readonly planVersionId: string; readonly couponCode?: string | undefined },
): Promise<SubscriptionPreview> {
  const { organizationId, couponCode } = input;
  const { unitOfWork } = context;
  const offered = await unitOfWork.inOrganization(organizationId, (transaction) => requireOffered(transaction, input));
  const { trial } = offered.definition;
  const subjects = trial === undefined ? [] : await trialSubjects(context, input);
  return unitOfWork.inOrganization(organizationId, async (transaction) => {
    const at = context.clock.now();
    const coupon =
      couponCode === undefined
        ? null
        : await asRedeemed(transaction, { code: couponCode, offered, organizationId, at });
    const mayTry = await mayHaveTrial(transaction, organizationId, offered, subjects);
    const trialDays = (mayTry ? trial?.days : undefined) ?? null;
    const subscription = { id: context.ids.next(), organizationId, anchorAt: at };
    const phases = phasesOf(subscription, offered, trialDays);
    const anchorMs = at.getTime();
    const estimate = (period: TimeSpan) => estimated(transaction, { subscription, offered, phases, coupon, period });
    const opens = trialDays === null && hasFeesAtStart(offered.definition);
    return {
      currency: offered.definition.currency,
      trialDays,
      coupon,
      costsNothing: costsNothing(offered, coupon ? [coupon] : [], at),
      atStart: opens ? await estimate({ startMs: anchorMs - 1, endMs: anchorMs }) : nothing,
      firstPeriod: await estimate(monthlyPeriod(anchorMs, 0)),
    };
  });
}

const nothing: EstimatedPeriod = { rated: null, taxed: null, isExact: true };

interface NewSubscription {
  readonly id: string;
  readonly organizationId: string;
  readonly anchorAt: Date;
}

function phasesOf(
  { id: subscriptionId, organizationId, anchorAt }: NewSubscription,
  { id: planVersionId, definition }: OfferedPlanVersion,
  trialDays: number | null,
): PricedPhase[] {
  const phase = (startsAt: Date, endsAt: Date | null, isTrial: boolean): PricedPhase => ({
    id: isTrial ? 'trial' : 'plan',
    organizationId,
    subscriptionId,
    planVersionId,
    startsAt,
    endsAt,
    isTrial,
    definition: definitionOfPhase(definition, isTrial),
  });
  if (trialDays === null) return [phase(anchorAt, null, false)];
  const trialEndsAt = new Date(anchorAt.getTime() + trialDays * DAY_MS);
  return [phase(anchorAt, trialEndsAt, true), phase(trialEndsAt, null, false)];
}

async function estimated(
  transaction: Transaction,
  {
    subscription,
    offered,
    phases,
    coupon,
    period,
  }: {
    readonly subscription: NewSubscription;
    readonly offered: OfferedPlanVersion;
    readonly phases: readonly PricedPhase[];
    readonly coupon: RedeemedCoupon | null;
    readonly period: TimeSpan;
  },
): Promise<EstimatedPeriod> {
  const { id, organizationId } = subscription;
  const charged = ratePeriod({
    subscription: { ...subscription, canceledAt: null },
    period,
    phases,
    usage: [],
    coupons: coupon ? [coupon] : [],
  });
  if (!charged) return nothing;
  const endsAt = new Date(period.endMs);
  // Of a minimum commitment only: nothing is used yet.
  const credits = await listCreditsForProduct(transaction, { organizationId, apiProductId: offered.apiProductId });
  const { rated } = paidWith(credits, charged, endsAt);
  const sale = await readSaleOfProduct(transaction, offered.apiProductId);
  const toTax = { ...rated, subscriptionId: id, organizationId, endsAt };
  const taxed = (await taxSales(transaction, [toTax], new Map([[id, sale]]))).get(id)!;
  return { rated, taxed, isExact: true };
}
