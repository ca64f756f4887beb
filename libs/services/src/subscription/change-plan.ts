import {
  type ChangeWhen,
  ConflictError,
  type PaymentProvider,
  type PhaseEnd,
  type Subscription,
  committedMinor,
  effectiveMs,
  endPhases,
  formatMoney,
  hardQuotaMeters,
  isPhaseInForce,
  phaseAfter,
  phaseAt,
  resumePhases,
  usualChange,
  withPhaseEnds,
} from '#domain';
import {
  type Actor,
  type OfferedPlanVersion,
  type PricedPhase,
  type Transaction,
  findOfferedPlanVersion,
  insertQuotaOpenings,
  insertSubscriptionPhase,
  listPricedPhases,
  readLastChangeNumber,
  updatePhaseEnds,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { redeemedBy } from '../coupon/redeem-coupon.js';
import { type EstimatedPeriod, estimatePeriodFromLedger } from '../period/rate-from-ledger.js';
import { type SubscriptionOverview, findSubscriptionWithin } from './list-subscriptions.js';
import { currentPeriod, lockLiveSubscription, recordChange } from './live-subscription.js';
import { recordAcceptance, requireAcceptance } from './accept-terms.js';
import { requireOffered, requirePaymentMethod, requireTransferable } from './subscribe.js';

export interface ChangePlanInput {
  readonly organizationId: string;
  readonly subscriptionId: string;
  readonly planVersionId: string;
  /** Absent: at once when the fixed fee is higher, else with the next period. */
  readonly when?: ChangeWhen | undefined;
  /** Version of the product's terms that was read and accepted; needed when those in force have not been yet. */
  readonly acceptedTerms?: string | undefined;
  /** Asked for the organization's card when the plan costs money; null when no card is needed whatever the plan costs. */
  readonly paymentProvider: PaymentProvider | null;
  readonly actor: Actor;
}

/**
 * Puts a subscription on another plan of its product, at once or when its period ends, which can be taken back until then. A
 * change that was planned before gives way. What the period has used of quotas is carried over; usage is priced by the plan
 * under which it was admitted, and fees by the shares of the period.
 * @throws NotFoundError `subscription_not_found`, `plan_version_not_found`; ConflictError `subscription_canceled`,
 *   `cancel_scheduled`, `plan_version_retired`, `plan_of_other_product`, `plan_unchanged`, `plan_currency_differs`,
 *   `plan_used_in_period`, `money_cap_below_commitment`, `payment_method_required`, `seller_account_missing`,
 *   `terms_not_accepted`, `terms_changed`
 */
export async function changePlan(context: ServiceContext, input: ChangePlanInput): Promise<SubscriptionOverview> {
  const { organizationId, subscriptionId, actor } = input;
  const { offered, coupons } = await context.unitOfWork.inOrganization(organizationId, async (transaction) => ({
    offered: await requireOffered(transaction, input),
    coupons: await redeemedBy(transaction, subscriptionId),
  }));
  await requirePaymentMethod(context, input, offered, coupons);
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const { subscription, at } = await lockLiveSubscription(context, transaction, subscriptionId);
    const { apiProductId } = subscription;
    const terms = await requireAcceptance(transaction, { ...input, apiProductId });
    const { change, from, phases } = await prepare(context, transaction, { subscription, input, at });
    if (terms) await recordAcceptance(transaction, subscription, { terms, actor, acceptedAt: at });
    await updatePhaseEnds(transaction, change.ends);
    await insertSubscriptionPhase(transaction, change.begins);
    await recordChange(context, transaction, subscription, {
      actor,
      action: change.when === 'now' ? 'changed the plan of' : 'planned another plan for',
      details: {
        from: from.planVersionId,
        to: change.begins.planVersionId,
        startsAt: change.begins.startsAt.toISOString(),
        ...(terms && { acceptedTerms: terms.version }),
      },
      event: {
        type: 'subscription.changed',
        change: change.when === 'now' ? 'plan_changed' : 'plan_planned',
      },
    });
    if (change.when === 'now') await openQuotas(transaction, subscription, phases, change.begins, at);
    return findSubscriptionWithin(transaction, subscriptionId, change.when === 'now' ? change.begins.startsAt : at);
  });
}

/**
 * Takes a planned change of plan back; a subscription without one stays as it is.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_canceled`, `plan_version_ends`
 */
export function keepPlan(
  context: ServiceContext,
  { organizationId, subscriptionId, actor }: Pick<ChangePlanInput, 'organizationId' | 'subscriptionId' | 'actor'>,
): Promise<SubscriptionOverview> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const { subscription, at } = await lockLiveSubscription(context, transaction, subscriptionId);
    const phases = await listPricedPhases(transaction, subscriptionId);
    const planned = phaseAfter(phases, at);
    const present = phaseAt(phases, at);
    if (planned && planned.planVersionId !== present.planVersionId) {
      await refuseMigration(transaction, present, planned);
      await updatePhaseEnds(transaction, resumePhases(phases, at));
      const details = { to: planned.planVersionId, startsAt: planned.startsAt.toISOString() };
      await recordChange(context, transaction, subscription, {
        actor,
        action: 'kept the plan of',
        details,
        event: { type: 'subscription.changed', change: 'plan_kept' },
      });
    }
    return findSubscriptionWithin(transaction, subscriptionId, at);
  });
}

/** What a change of plan would do. */
export interface PlanChangePreview extends EstimatedPeriod {
  readonly when: ChangeWhen;
  readonly startsAt: Date;
  readonly currency: string;
  /** The invoice of the period that is under way as it would be without the change, by what was used so far. */
  readonly unchanged: EstimatedPeriod;
}

/**
 * When a change of plan would take effect, and the invoice of the period that is under way with it and without it, by what
 * was used so far: by the function that closes the period, on the phases that the change would leave.
 * @throws as `changePlan`, but for the card
 */
export function previewPlanChange(
  context: ServiceContext,
  input: Omit<ChangePlanInput, 'actor' | 'paymentProvider'> & { readonly actor?: Actor },
): Promise<PlanChangePreview> {
  const { organizationId, subscriptionId } = input;
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const { subscription, at } = await lockLiveSubscription(context, transaction, subscriptionId);
    const { change, from, phases } = await prepare(context, transaction, { subscription, input, at });
    const period = { subscriptionId, organizationId, ...currentPeriod(subscription, at) };
    const changed = [...withPhaseEnds(phases, change.ends), change.begins];
    return {
      when: change.when,
      startsAt: change.begins.startsAt,
      currency: from.definition.currency,
      ...(await estimatePeriodFromLedger(context, transaction, period, { phases: changed })),
      unchanged: await estimatePeriodFromLedger(context, transaction, period),
    };
  });
}

interface PreparedChange {
  readonly when: ChangeWhen;
  readonly ends: readonly PhaseEnd[];
  readonly begins: PricedPhase;
}

async function prepare(
  context: ServiceContext,
  transaction: Transaction,
  {
    subscription,
    input,
    at,
  }: {
    subscription: Subscription;
    input: Pick<ChangePlanInput, 'planVersionId' | 'when'> & { readonly actor?: Actor };
    at: Date;
  },
): Promise<{ change: PreparedChange; from: PricedPhase; phases: readonly PricedPhase[] }> {
  if (subscription.state === 'pending_approval') {
    throw new ConflictError(
      'approval_pending',
      'The subscription waits for approval. Cancel it and subscribe to the other plan instead.',
    );
  }
  if (subscription.cancelAt !== null) {
    throw new ConflictError(
      'cancel_scheduled',
      'The subscription is going to end. Take the cancellation back first, then change the plan.',
    );
  }
  const offered = await requireOffered(transaction, {
    ...input,
    organizationId: subscription.organizationId,
  });
  const phases = await listPricedPhases(transaction, subscription.id);
  const from = phaseAt(phases, at);
  checkChange(subscription, from, offered);
  const coupons = await redeemedBy(transaction, subscription.id);
  await requireTransferable(transaction, subscription.organizationId, offered, { coupons, at });
  const when = input.when ?? usualChange(from.definition, offered.definition);
  const period = currentPeriod(subscription, at);
  const startsAt = new Date(effectiveMs(when, from, subscription.anchorAt.getTime(), at.getTime()));
  if (when === 'now') checkNotUsed(phases, period.startsAt, offered);
  const begins = {
    id: context.ids.next(),
    organizationId: subscription.organizationId,
    subscriptionId: subscription.id,
    planVersionId: offered.id,
    startsAt,
    endsAt: null,
    isTrial: false,
    definition: offered.definition,
  };
  return { change: { when, ends: endPhases(phases, at, startsAt), begins }, from, phases };
}

function checkChange(subscription: Subscription, from: PricedPhase, offered: OfferedPlanVersion): void {
  if (offered.apiProductId !== subscription.apiProductId) {
    throw new ConflictError(
      'plan_of_other_product',
      `The plan ${offered.plan.title} is of another product: subscribe to that one instead.`,
    );
  }
  if (offered.id === from.planVersionId && !from.isTrial) {
    throw new ConflictError(
      'plan_unchanged',
      'The subscription is on this plan already. To keep it, take the planned change back.',
    );
  }
  if (offered.definition.currency !== from.definition.currency) {
    throw new ConflictError(
      'plan_currency_differs',
      `The plan ${offered.plan.title} is in ${offered.definition.currency}, and the present one in ${from.definition.currency}. ` +
        'Cancel the subscription and subscribe anew.',
    );
  }
  const committed = committedMinor(offered.definition);
  if (subscription.moneyCapMinor !== null && subscription.moneyCapMinor < committed) {
    const { currency } = offered.definition;
    const [cap, least] = [formatMoney(subscription.moneyCapMinor, currency), formatMoney(committed, currency)];
    throw new ConflictError(
      'money_cap_below_commitment',
      `The plan ${offered.plan.title} commits the subscription to ${least} of usage a month, and its money cap is ${cap}. ` +
        'Raise or remove the cap first.',
    );
  }
}

/** That its plan gets another version is for the publisher to say. */
async function refuseMigration(transaction: Transaction, from: PricedPhase, planned: PricedPhase): Promise<void> {
  const [present, next] = [
    await findOfferedPlanVersion(transaction, from.planVersionId),
    await findOfferedPlanVersion(transaction, planned.planVersionId),
  ];
  if (present?.plan.id !== next?.plan.id) return;
  if (present?.state === 'custom' || next?.state === 'custom') {
    throw new ConflictError(
      'terms_are_own',
      'The product team has given this subscription terms of its own: ask there.',
    );
  }
  throw new ConflictError(
    'plan_version_ends',
    'The product team ends this version of the plan. Choose another plan, or cancel, if the next version does not suit you.',
  );
}

/**
 * Who could go back and forth would get the included units of both plans each time.
 * @throws ConflictError `plan_used_in_period`
 */
export function checkNotUsed(
  phases: readonly PricedPhase[],
  periodStart: Date,
  offered: Pick<OfferedPlanVersion, 'id' | 'plan'>,
): void {
  const wasUsed = phases.some(
    (phase) =>
      phase.planVersionId === offered.id &&
      !phase.isTrial &&
      isPhaseInForce(phase) &&
      phase.endsAt !== null &&
      phase.endsAt > periodStart,
  );
  if (!wasUsed) return;
  throw new ConflictError(
    'plan_used_in_period',
    `The plan ${offered.plan.title} was in force in this period already, and its included units with it. It can begin with the next period.`,
  );
}

/** Opens hard quotas that the plan before did not have: what was used without them counts, once the ledger has it all. */
export async function openQuotas(
  transaction: Transaction,
  { id: subscriptionId, organizationId, anchorAt }: Subscription,
  phases: readonly PricedPhase[],
  begins: PricedPhase,
  at: Date,
): Promise<void> {
  const periodStart = currentPeriod({ anchorAt }, at).startsAt;
  const earlier = phases.filter(
    (phase) => isPhaseInForce(phase) && phase.startsAt <= at && (phase.endsAt === null || phase.endsAt > periodStart),
  );
  const meters = hardQuotaMeters(begins.definition).filter((meter) =>
    earlier.some(({ definition }) => !hardQuotaMeters(definition).includes(meter)),
  );
  if (meters.length === 0) return;
  const changeNumber = await readLastChangeNumber(transaction);
  await insertQuotaOpenings(transaction, { subscriptionId, organizationId, periodStart, meters, changeNumber }, at);
}
