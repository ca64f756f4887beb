import { NotFoundError, type Route, distinctOperations } from '#domain';
import {
  type Actor,
  type ListedOverride,
  type SubscriptionNote,
  type Transaction,
  appendToAuditLog,
  findOfferedPlanVersion,
  insertNote,
  isPublisherOfProduct,
  listMetersOfProduct,
  listNotes,
  listOverrides,
  listRoutesOfProduct,
  listSubscriptionsMatching,
} from '#persistence';
import { type PlanTerms, termsOf } from '../catalog/plan-in-file.js';
import type { ServiceContext } from '../context.js';
import { type PlanDifference, planDifferences } from '../plan/plan-differences.js';
import { type SubscriptionOverview, withCurrentPeriod } from './list-subscriptions.js';
import type { PublishedSubscriptionInput } from './override-subscription.js';

/** An override, and where it differs from the plan. */
export interface ShownOverride extends ListedOverride {
  readonly differences: readonly PlanDifference[];
}

/** A subscription as the publisher of its product sees it. */
export interface PublisherSubscriptionPage extends SubscriptionOverview {
  readonly meters: readonly Awaited<ReturnType<typeof listMetersOfProduct>>[number][];
  readonly operations: readonly Route[];
  /** What is in force, and what would be without any override. */
  readonly presentTerms: PlanTerms;
  readonly planTerms: PlanTerms;
  readonly overrides: readonly ShownOverride[];
  readonly notes: readonly SubscriptionNote[];
}

/**
 * A subscription with its overrides and notes, for the publisher of its product.
 * @throws NotFoundError `subscription_not_found`
 */
export function findPublisherSubscription(
  context: ServiceContext,
  input: PublishedSubscriptionInput,
): Promise<PublisherSubscriptionPage> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const at = context.clock.now();
    const found = await findOwn(transaction, input, at);
    const overrides = await listOverrides(transaction, found.id);
    const present = overrides.find(({ planVersionId }) => planVersionId === found.planVersionId);
    const base = await findOfferedPlanVersion(transaction, present?.baseVersionId ?? found.planVersionId);
    return {
      ...withCurrentPeriod(found, at),
      meters: await listMetersOfProduct(transaction, found.product.id),
      operations: distinctOperations(await listRoutesOfProduct(transaction, found.product.id)),
      presentTerms: termsOf(found.definition),
      planTerms: termsOf(base!.definition),
      overrides: overrides.map((override) => ({
        ...override,
        differences: planDifferences(termsOf(override.baseDefinition), termsOf(override.definition)),
      })),
      notes: await listNotes(transaction, found.id),
    };
  });
}

/**
 * Writes a note about a subscription, which its organization never reads.
 * @throws NotFoundError `subscription_not_found`
 */
export function addSubscriptionNote(
  context: ServiceContext,
  { text, actor, ...input }: PublishedSubscriptionInput & { readonly text: string; readonly actor: Actor },
): Promise<readonly SubscriptionNote[]> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const createdAt = context.clock.now();
    const { id: subscriptionId, organization } = await findOwn(transaction, input, createdAt);
    const note = { subscriptionId, organizationId: organization.id, text, actor, createdAt };
    await insertNote(transaction, { id: context.ids.next(), ...note });
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      // Not of the organization: it reads its own entries.
      organizationId: null,
      actor,
      action: 'wrote a note about',
      noun: 'subscription',
      nounId: subscriptionId,
      details: {},
      createdAt,
    });
    return listNotes(transaction, subscriptionId);
  });
}

async function findOwn(
  transaction: Transaction,
  { subscriptionId, publisherUserId }: PublishedSubscriptionInput,
  at: Date,
) {
  const [found] = await listSubscriptionsMatching(transaction, { subscriptionId }, at);
  const isOwn =
    found !== undefined &&
    (publisherUserId === null || (await isPublisherOfProduct(transaction, found.product.id, publisherUserId)));
  if (!isOwn) throw new NotFoundError('subscription');
  return found;
}
