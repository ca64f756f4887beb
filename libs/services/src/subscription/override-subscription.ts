import {
  type ChangeWhen,
  ConflictError,
  NotFoundError,
  type PlanDefinition,
  type Subscription,
  effectiveMs,
  endPhases,
  phaseAfter,
  phaseAt,
  resumePhases,
  withPhaseEnds,
} from '#domain';
import {
  type Actor,
  type OfferedPlanVersion,
  type PricedPhase,
  type SubscriptionOverride,
  type Transaction,
  appendChange,
  findOfferedPlanVersion,
  findOverrideOfVersion,
  insertCustomPlanVersion,
  insertOverride,
  insertSubscriptionPhase,
  isPublisherOfProduct,
  listMetersOfProduct,
  listPricedPhases,
  listRoutesOfProduct,
  lockCatalog,
  updatePhaseEnds,
} from '#persistence';
import { contentHash } from '../catalog/catalog-change.js';
import { type OverrideTerms, overridden } from '../catalog/override-in-file.js';
import { definitionOf, termsOf } from '../catalog/plan-in-file.js';
import type { ServiceContext } from '../context.js';
import { estimatePeriodFromLedger } from '../period/rate-from-ledger.js';
import { checkTerms } from '../plan/own-plan.js';
import { type PlanDifference, planDifferences } from '../plan/plan-differences.js';
import { type PlanChangePreview, checkNotUsed, openQuotas } from './change-plan.js';
import { type SubscriptionOverview, findSubscriptionWithin } from './list-subscriptions.js';
import { currentPeriod, lockLiveSubscription, recordChange } from './live-subscription.js';

/** Whose subscription, and who asks. */
export interface PublishedSubscriptionInput {
  readonly subscriptionId: string;
  /** Only of products of the teams that this person belongs to; null for whoever operates the installation. */
  readonly publisherUserId: string | null;
}

export interface OverrideInput extends PublishedSubscriptionInput {
  readonly terms: OverrideTerms;
  /** Default: with the next period. */
  readonly when?: ChangeWhen | undefined;
}

/** What other terms would do, and where they differ from the plan's. */
export interface OverridePreview extends PlanChangePreview {
  readonly differences: readonly PlanDifference[];
}

/**
 * Gives one subscription other limits or prices than its plan version has, from the next period on or at once: a version of the
 * plan for it alone, so that everything that reads plan versions holds for it too. Another override takes the place of the one
 * before; both are made of the version that the subscription would have without them.
 * @throws NotFoundError `subscription_not_found`; RefusedInPlacesError with every fault of the terms; ConflictError
 *   `subscription_canceled`, `approval_pending`, `cancel_scheduled`, `change_planned`, `terms_unchanged`, `on_trial`
 */
export function overrideSubscription(
  context: ServiceContext,
  input: OverrideInput & { readonly reason: string; readonly actor: Actor },
): Promise<SubscriptionOverview> {
  return context.unitOfWork.inSystem(async (transaction) => {
    await lockCatalog(transaction);
    const prepared = await prepare(context, transaction, input);
    const { subscription, at, base, definition, when, begins, ends, phases } = prepared;
    const { terms, reason, actor } = input;
    await insertOverriding(context, transaction, { subscription, base, definition, terms, reason, actor, begins });
    await updatePhaseEnds(transaction, ends);
    await insertSubscriptionPhase(transaction, begins);
    if (when === 'now') await openQuotas(transaction, subscription, phases, begins, at);
    await recordChange(context, transaction, subscription, {
      actor,
      action: 'overrode the terms of',
      details: {
        from: prepared.from.planVersionId,
        to: begins.planVersionId,
        startsAt: begins.startsAt.toISOString(),
        fields: Object.keys(terms),
        reason,
      },
      event: { type: 'subscription.changed', change: 'terms_changed' },
    });
    return findSubscriptionWithin(transaction, subscription.id, when === 'now' ? begins.startsAt : at);
  });
}

/**
 * When other terms would take effect, and the invoice of the period that is under way with them and without them, by what was
 * used so far, by the function that closes the period. Writes nothing.
 * @throws as `overrideSubscription`
 */
export function previewOverride(context: ServiceContext, input: OverrideInput): Promise<OverridePreview> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const prepared = await prepare(context, transaction, input);
    const { subscription, at, base, definition, when, begins, ends, phases } = prepared;
    const period = {
      subscriptionId: subscription.id,
      organizationId: subscription.organizationId,
      ...currentPeriod(subscription, at),
    };
    return {
      when,
      startsAt: begins.startsAt,
      currency: definition.currency,
      differences: planDifferences(termsOf(base.definition), termsOf(definition)),
      ...(await estimatePeriodFromLedger(context, transaction, period, {
        phases: [...withPhaseEnds(phases, ends), begins],
      })),
      unchanged: await estimatePeriodFromLedger(context, transaction, period),
    };
  });
}

/**
 * Takes an override back: one that has not begun at once, one that is in force with the end of the period, or at once where the
 * version of the plan was not in force in the period yet. The subscription is then on the version that the override was made of.
 * @throws NotFoundError `subscription_not_found`; ConflictError `override_missing`, `subscription_canceled`,
 *   `cancel_scheduled`, `change_planned`, `plan_used_in_period`
 */
export function revokeOverride(
  context: ServiceContext,
  input: PublishedSubscriptionInput & { readonly when?: ChangeWhen | undefined; readonly actor: Actor },
): Promise<SubscriptionOverview> {
  const { when = 'period_end', actor } = input;
  return context.unitOfWork.inSystem(async (transaction) => {
    const { subscription, at } = await lockPublished(context, transaction, input);
    const phases = await listPricedPhases(transaction, subscription.id);
    const planned = phaseAfter(phases, at);
    const present = phaseAt(phases, at);
    const coming = planned && (await findOverrideOfVersion(transaction, planned.planVersionId));
    if (planned && coming) {
      await updatePhaseEnds(transaction, resumePhases(phases, at));
      await recordRevocation(context, transaction, subscription, { actor, override: coming, endsAt: planned.startsAt });
      return findSubscriptionWithin(transaction, subscription.id, at);
    }
    const override = await findOverrideOfVersion(transaction, present.planVersionId);
    if (!override) throw new ConflictError('override_missing', 'The subscription has the terms of its plan already.');
    refuseChanging(subscription, planned);
    const base = await findOfferedPlanVersion(transaction, override.baseVersionId);
    if (!base) throw new NotFoundError('plan version');
    if (when === 'now') checkNotUsed(phases, currentPeriod(subscription, at).startsAt, base);
    const startsAt = new Date(effectiveMs(when, present, subscription.anchorAt.getTime(), at.getTime()));
    const begins = phaseOf(context, subscription, base, startsAt);
    await updatePhaseEnds(transaction, endPhases(phases, at, startsAt));
    await insertSubscriptionPhase(transaction, begins);
    if (when === 'now') await openQuotas(transaction, subscription, phases, begins, at);
    await recordRevocation(context, transaction, subscription, { actor, override, endsAt: startsAt });
    return findSubscriptionWithin(transaction, subscription.id, when === 'now' ? startsAt : at);
  });
}

/** Writes a version of the plan for one subscription, as `begins` names it, and what it was made of; tells the gateways. */
export async function insertOverriding(
  context: ServiceContext,
  transaction: Transaction,
  {
    subscription,
    base,
    definition,
    terms,
    reason,
    actor,
    begins,
  }: {
    readonly subscription: Pick<Subscription, 'id' | 'organizationId'>;
    readonly base: Pick<OfferedPlanVersion, 'id' | 'plan'>;
    readonly definition: PlanDefinition;
    readonly terms: OverrideTerms;
    readonly reason: string;
    readonly actor: Actor;
    readonly begins: { readonly planVersionId: string };
  },
): Promise<void> {
  const createdAt = context.clock.now();
  await insertCustomPlanVersion(transaction, {
    id: begins.planVersionId,
    planId: base.plan.id,
    definition,
    definitionHash: contentHash(definition),
    publishedAt: createdAt,
  });
  const override: SubscriptionOverride = {
    id: context.ids.next(),
    organizationId: subscription.organizationId,
    subscriptionId: subscription.id,
    planVersionId: begins.planVersionId,
    baseVersionId: base.id,
    terms,
    reason,
    createdAt,
  };
  await insertOverride(transaction, override, actor);
  await appendChange(transaction, 'catalog', 'all', createdAt);
}

/**
 * A version of a plan with other terms.
 * @throws RefusedInPlacesError with every fault of what comes out
 */
export async function overriddenDefinition(
  transaction: Transaction,
  base: Pick<OfferedPlanVersion, 'definition' | 'apiProductId'>,
  override: OverrideTerms,
): Promise<PlanDefinition> {
  const meters = await listMetersOfProduct(transaction, base.apiProductId);
  const routes = await listRoutesOfProduct(transaction, base.apiProductId);
  const terms = overridden(termsOf(base.definition), override);
  checkTerms(terms, { meters, routes }, 'terms');
  return definitionOf(terms, meters);
}

/**
 * A subscription to a product of the person's teams, locked.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_canceled`
 */
export async function lockPublished(
  context: ServiceContext,
  transaction: Transaction,
  { subscriptionId, publisherUserId }: PublishedSubscriptionInput,
) {
  const live = await lockLiveSubscription(context, transaction, subscriptionId);
  const { apiProductId } = live.subscription;
  const isOwn = publisherUserId === null || (await isPublisherOfProduct(transaction, apiProductId, publisherUserId));
  if (!isOwn) throw new NotFoundError('subscription');
  return live;
}

async function prepare(context: ServiceContext, transaction: Transaction, input: OverrideInput) {
  const { terms, when = 'period_end' } = input;
  const { subscription, at } = await lockPublished(context, transaction, input);
  if (subscription.state === 'pending_approval') {
    throw new ConflictError('approval_pending', 'The subscription waits for approval: approve it first.');
  }
  const phases = await listPricedPhases(transaction, subscription.id);
  const from = phaseAt(phases, at);
  const planned = phaseAfter(phases, at);
  const isOverridePlanned = planned !== null && (await findOverrideOfVersion(transaction, planned.planVersionId));
  refuseChanging(subscription, isOverridePlanned || from.isTrial ? null : planned);
  if (from.isTrial && when === 'now') {
    throw new ConflictError(
      'on_trial',
      'The subscription is on trial: other terms can begin when the trial has ended.',
    );
  }
  const present = await findOverrideOfVersion(transaction, from.planVersionId);
  const base = await findOfferedPlanVersion(transaction, present?.baseVersionId ?? from.planVersionId);
  if (!base) throw new NotFoundError('plan version');
  const definition = await overriddenDefinition(transaction, base, terms);
  const isSame = contentHash(definition) === contentHash(from.definition);
  if (isSame || contentHash(definition) === contentHash(base.definition)) {
    throw new ConflictError(
      'terms_unchanged',
      isSame
        ? 'The subscription has these terms already.'
        : 'These are the terms of the plan. To return to them, take the override back.',
    );
  }
  const startsAt = new Date(effectiveMs(when, from, subscription.anchorAt.getTime(), at.getTime()));
  const begins = phaseOf(context, subscription, { id: context.ids.next(), definition }, startsAt);
  return { subscription, at, base, definition, when, begins, from, ends: endPhases(phases, at, startsAt), phases };
}

/** What is going to end, or to be on another plan, is decided already. */
function refuseChanging({ cancelAt }: Subscription, planned: PricedPhase | null): void {
  if (cancelAt !== null) {
    throw new ConflictError('cancel_scheduled', 'The subscription is going to end: its terms do not change any more.');
  }
  if (planned) {
    throw new ConflictError(
      'change_planned',
      `Another plan begins at ${planned.startsAt.toISOString()}: give other terms after that, or have it taken back.`,
    );
  }
}

function phaseOf(
  context: ServiceContext,
  { id: subscriptionId, organizationId }: Subscription,
  { id: planVersionId, definition }: Pick<OfferedPlanVersion, 'id' | 'definition'>,
  startsAt: Date,
): PricedPhase {
  const id = context.ids.next();
  return { id, organizationId, subscriptionId, planVersionId, startsAt, endsAt: null, isTrial: false, definition };
}

function recordRevocation(
  context: ServiceContext,
  transaction: Transaction,
  subscription: Subscription,
  { actor, override, endsAt }: { actor: Actor; override: SubscriptionOverride; endsAt: Date },
): Promise<void> {
  return recordChange(context, transaction, subscription, {
    actor,
    action: 'took back other terms of',
    details: { override: override.planVersionId, to: override.baseVersionId, endsAt: endsAt.toISOString() },
    event: { type: 'subscription.changed', change: 'terms_changed' },
  });
}
