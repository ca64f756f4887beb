import { ConflictError, NotFoundError, type PlanDefinition, endPhases, feePeriodAt, phaseAt } from '#domain';
import {
  type Actor,
  type OfferedPlanVersion,
  type SubscriptionOverride,
  type Transaction,
  findOfferedPlanVersion,
  findOverrideOfVersion,
  insertSubscriptionPhase,
  isPublisherOfProduct,
  listBillingAddresses,
  listPricedPhases,
  listSubscribersOfOtherVersions,
  lockCatalog,
  lockSubscription,
  updatePhaseEnds,
} from '#persistence';
import type { OverrideTerms } from '../catalog/override-in-file.js';
import { RefusedInPlacesError } from '../catalog/refused-in-places-error.js';
import type { ServiceContext } from '../context.js';
import { sendMail } from '../mail/send-mail.js';
import { findSubscriptionWithin } from '../subscription/list-subscriptions.js';
import { recordChange } from '../subscription/live-subscription.js';
import { type SubscriptionNotice, noticeOf } from '../subscription/subscription-notice.js';
import { insertOverriding, overriddenDefinition } from '../subscription/override-subscription.js';

const DAY_MS = 86_400_000;

/** What a subscriber is told, with names as people read them. */
export interface MigrationNotice extends SubscriptionNotice {
  readonly startsAt: Date;
}

export interface NoticeMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MigrateSubscribersInput {
  /** The published version that they come to. */
  readonly planVersionId: string;
  /** So many days at least pass between the mail and the change. */
  readonly noticeDays: number;
  /**
   * What becomes of subscriptions with terms of their own: they stay as they are, take those terms along, or come to the terms of
   * the version.
   */
  readonly overrides: 'keep' | 'carry' | 'end';
  /** Only of products of the teams that this person belongs to; null for whoever operates the installation. */
  readonly publisherUserId: string | null;
  readonly actor: Actor;
  readonly writeMail: (notice: MigrationNotice) => NoticeMail;
}

/**
 * How many subscriptions were planned to change, and how many were left as they are: because they bill in another currency, or
 * because they have terms of their own, which stay or do not fit the version.
 */
export interface Migration {
  readonly migrated: number;
  readonly skipped: number;
  readonly kept: number;
}

/**
 * Brings the subscribers of a plan's other versions to this one: each with the end of the period, or year, that is under way when
 * the notice has passed, and is told so at once. Those that end, are on trial or change anyway are left alone. Repeated, it
 * goes on with those that are left.
 * @throws NotFoundError `plan_version_not_found`; ConflictError `plan_version_not_published`
 */
export async function migrateSubscribers(context: ServiceContext, input: MigrateSubscribersInput): Promise<Migration> {
  const { planVersionId, publisherUserId } = input;
  const { target, ids } = await context.unitOfWork.inSystem(async (transaction) => {
    const found = await findOfferedPlanVersion(transaction, planVersionId);
    const isOwn =
      found !== null &&
      (publisherUserId === null || (await isPublisherOfProduct(transaction, found.apiProductId, publisherUserId)));
    if (!isOwn) throw new NotFoundError('plan version');
    if (found.state !== 'published') {
      throw new ConflictError(
        'plan_version_not_published',
        `The version is ${found.state}: subscribers can only come to one that is published.`,
      );
    }
    const at = context.clock.now();
    return {
      target: found,
      ids: await listSubscribersOfOtherVersions(transaction, { planId: found.plan.id, planVersionId, at }),
    };
  });
  const outcome = { migrated: 0, skipped: 0, kept: 0 };
  for (const id of ids) {
    const result = await migrateSubscriber(context, id, target, input);
    if (result) outcome[result] += 1;
  }
  return outcome;
}

function migrateSubscriber(
  context: ServiceContext,
  subscriptionId: string,
  target: OfferedPlanVersion,
  { noticeDays, overrides, actor, writeMail }: MigrateSubscribersInput,
): Promise<keyof Migration | null> {
  return context.unitOfWork.inSystem(async (transaction) => {
    await lockCatalog(transaction);
    const subscription = await lockSubscription(transaction, subscriptionId);
    const at = context.clock.now();
    const phases = await listPricedPhases(transaction, subscriptionId);
    const from = phaseAt(phases, at);
    const isLeft = subscription?.state === 'active' && subscription.cancelAt === null && from.endsAt === null;
    if (!isLeft || from.planVersionId === target.id) return null;
    if (from.definition.currency !== target.definition.currency) return 'skipped';
    const override = await findOverrideOfVersion(transaction, from.planVersionId);
    if (override && overrides === 'keep') return 'kept';
    if (override?.baseVersionId === target.id && overrides === 'carry') return null;
    const carried = override && overrides === 'carry' ? await carry(transaction, target, override) : null;
    if (carried === 'unfit') return 'kept';
    const { billingInterval } = from.definition;
    // The end that is no sooner than the notice allows: that of the period which holds the millisecond before.
    const noticedMs = at.getTime() + noticeDays * DAY_MS;
    const startsAt = new Date(feePeriodAt(billingInterval, subscription.anchorAt.getTime(), noticedMs - 1).endMs);
    if (startsAt <= from.startsAt) return null;
    await updatePhaseEnds(transaction, endPhases(phases, at, startsAt));
    const begins = { planVersionId: carried ? context.ids.next() : target.id };
    if (override && carried) {
      const { reason } = override;
      const made = { subscription, base: target, definition: carried.definition, terms: carried.terms, reason, actor };
      await insertOverriding(context, transaction, { ...made, begins });
    }
    await insertSubscriptionPhase(transaction, {
      id: context.ids.next(),
      organizationId: subscription.organizationId,
      subscriptionId,
      planVersionId: begins.planVersionId,
      startsAt,
      endsAt: null,
      isTrial: false,
    });
    const overview = await findSubscriptionWithin(transaction, subscriptionId, at);
    const mail = writeMail({ ...noticeOf(overview), startsAt });
    for (const to of await listBillingAddresses(transaction, subscription.organizationId))
      await sendMail(context, transaction, { to, ...mail });
    await recordChange(context, transaction, subscription, {
      actor,
      action: 'planned another version of the plan for',
      details: { from: from.planVersionId, to: begins.planVersionId, startsAt: startsAt.toISOString() },
      event: { type: 'subscription.changed', change: 'plan_version_planned' },
    });
    return 'migrated';
  });
}

/** The version with the terms that a subscription has of its own. */
async function carry(
  transaction: Transaction,
  target: OfferedPlanVersion,
  override: SubscriptionOverride,
): Promise<{ readonly definition: PlanDefinition; readonly terms: OverrideTerms } | 'unfit'> {
  const terms = override.terms as OverrideTerms;
  try {
    return { terms, definition: await overriddenDefinition(transaction, target, terms) };
  } catch (error) {
    if (error instanceof RefusedInPlacesError) return 'unfit';
    throw error;
  }
}
