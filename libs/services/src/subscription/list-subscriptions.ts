import {
  NotFoundError,
  type PlanDefinition,
  type SubscriptionStatus,
  definitionOfPhase,
  monthlyPeriodAt,
  subscriptionStatus,
} from '#domain';
import { type ListedSubscription, type Slice, type Transaction, listSubscriptionsMatching } from '#persistence';
import { termsOf } from '../catalog/plan-in-file.js';
import type { ServiceContext } from '../context.js';
import { type PlanDifference, planDifferences } from '../plan/plan-differences.js';

/** A subscription with its status, and the billing period that holds the present instant; the end is exclusive. */
export interface SubscriptionOverview extends ListedSubscription {
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
  return {
    ...subscription,
    status,
    currentPeriod,
    limits: definitionOfPhase(definition, subscription.isTrial),
    ownTerms: planDefinition && planDifferences(termsOf(planDefinition), termsOf(definition)),
  };
}
