import { NotFoundError, type Subscription, moveSubscription, phaseAt } from '#domain';
import {
  type Actor,
  type Transaction,
  approvePending,
  isPublisherOfProduct,
  listPricedPhases,
  lockSubscription,
  markCanceled,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type SubscriptionOverview, findSubscriptionWithin } from './list-subscriptions.js';
import { recordChange } from './live-subscription.js';
import { closeOpening } from './opening-period.js';
import { beginPeriods } from './subscribe.js';

export interface ApprovalInput {
  readonly subscriptionId: string;
  /** Only of products of the teams that this person belongs to; null for whoever operates the installation. */
  readonly publisherUserId: string | null;
  readonly actor: Actor;
}

/**
 * Lets a subscription begin that waits for approval: its phases, its anchor and its first period begin now.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_transition_refused`
 */
export async function approveSubscription(
  context: ServiceContext,
  { subscriptionId, publisherUserId, actor }: ApprovalInput,
): Promise<SubscriptionOverview> {
  const { subscription, opens, overview } = await context.unitOfWork.inSystem(async (transaction) => {
    const pending = await lockPending(transaction, subscriptionId, publisherUserId);
    const at = context.clock.now();
    const begun: Subscription = { ...pending, state: 'active', anchorAt: at };
    await approvePending(transaction, subscriptionId, at);
    const first = phaseAt(await listPricedPhases(transaction, subscriptionId), at);
    const hasOpening = await beginPeriods(transaction, begun, first);
    await recordChange(context, transaction, begun, {
      actor,
      action: 'approved',
      details: {},
      event: { type: 'subscription.approved' },
    });
    return {
      subscription: begun,
      opens: hasOpening,
      overview: await findSubscriptionWithin(transaction, subscriptionId, at),
    };
  });
  if (opens) await closeOpening(context, subscription, actor);
  return overview;
}

/**
 * Refuses a subscription that waits for approval, for good.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_transition_refused`
 */
export function refuseSubscription(
  context: ServiceContext,
  { subscriptionId, publisherUserId, reason, actor }: ApprovalInput & { readonly reason: string | null },
): Promise<SubscriptionOverview> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const pending = await lockPending(transaction, subscriptionId, publisherUserId);
    const at = context.clock.now();
    await markCanceled(transaction, subscriptionId, at);
    await recordChange(context, transaction, pending, {
      actor,
      action: 'refused',
      details: reason === null ? {} : { reason },
      event: { type: 'subscription.refused' },
    });
    return findSubscriptionWithin(transaction, subscriptionId, at);
  });
}

async function lockPending(
  transaction: Transaction,
  subscriptionId: string,
  publisherUserId: string | null,
): Promise<Subscription> {
  const subscription = await lockSubscription(transaction, subscriptionId);
  if (!subscription) throw new NotFoundError('subscription');
  const isOwn =
    publisherUserId === null || (await isPublisherOfProduct(transaction, subscription.apiProductId, publisherUserId));
  if (!isOwn) throw new NotFoundError('subscription');
  // What does not wait can neither be approved nor refused.
  moveSubscription(subscription.state, 'active');
  return subscription;
}
