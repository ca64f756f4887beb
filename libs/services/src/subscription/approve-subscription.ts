import { NotFoundError, type Subscription, moveSubscription, phaseAt } from '#domain';
import {
  type Actor,
  type Transaction,
  approvePending,
  isPublisherOfProduct,
  listBillingAddresses,
  listPricedPhases,
  lockSubscription,
  markCanceled,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type WrittenMail, sendMail } from '../mail/send-mail.js';
import { type SubscriptionOverview, findSubscriptionWithin } from './list-subscriptions.js';
import { type SubscriptionNotice, noticeOf } from './subscription-notice.js';
import { recordChange } from './live-subscription.js';
import { closeOpening } from './opening-period.js';
import { beginPeriods } from './subscribe.js';

interface DecisionInput {
  readonly subscriptionId: string;
  /** Only of products of the teams that this person belongs to; null for whoever operates the installation. */
  readonly publisherUserId: string | null;
  readonly actor: Actor;
}

export interface ApprovalInput extends DecisionInput {
  readonly writeMail: (notice: SubscriptionNotice) => Omit<WrittenMail, 'to'>;
}

/**
 * Lets a subscription begin that waits for approval: its phases, its anchor and its first period begin now. Tells by mail who
 * pays for it.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_transition_refused`
 */
export async function approveSubscription(
  context: ServiceContext,
  { subscriptionId, publisherUserId, actor, writeMail }: ApprovalInput,
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
    const approved = await findSubscriptionWithin(transaction, subscriptionId, at);
    await tellPayers(context, transaction, begun.organizationId, writeMail(noticeOf(approved)));
    return { subscription: begun, opens: hasOpening, overview: approved };
  });
  if (opens) await closeOpening(context, subscription, actor);
  return overview;
}

/** The same, with the publisher's words. */
export interface RefusalNotice extends SubscriptionNotice {
  readonly reason: string | null;
}

export interface RefusalInput extends DecisionInput {
  readonly reason: string | null;
  readonly writeMail: (notice: RefusalNotice) => Omit<WrittenMail, 'to'>;
}

/**
 * Refuses a subscription that waits for approval, for good, and tells by mail who would have paid.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_transition_refused`
 */
export function refuseSubscription(
  context: ServiceContext,
  { subscriptionId, publisherUserId, reason, actor, writeMail }: RefusalInput,
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
    const overview = await findSubscriptionWithin(transaction, subscriptionId, at);
    await tellPayers(context, transaction, pending.organizationId, writeMail({ ...noticeOf(overview), reason }));
    return overview;
  });
}

async function tellPayers(
  context: ServiceContext,
  transaction: Transaction,
  organizationId: string,
  mail: Omit<WrittenMail, 'to'>,
): Promise<void> {
  for (const to of await listBillingAddresses(transaction, organizationId))
    await sendMail(context, transaction, { to, ...mail });
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
