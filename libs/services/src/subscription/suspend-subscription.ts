import { NotFoundError, type Subscription, type SuspensionReason, ConflictError, changeSuspension } from '#domain';
import { type Actor, type Transaction, isPublisherOfProduct, lockSubscription, updateSuspension } from '#persistence';
import type { ServiceContext } from '../context.js';
import { recordChange } from './live-subscription.js';

export interface SubscriptionSuspension {
  /** What calls are refused for, or are no longer refused for; what else holds stays as it is. */
  readonly reason: SuspensionReason;
  readonly isSuspended: boolean;
  /** In words, for the audit log. */
  readonly note: string | null;
  readonly actor: Actor;
}

/** What became of a suspension. */
export interface SuspensionChange {
  /** False when it was so already. */
  readonly hasChanged: boolean;
  /** What the calls of the subscription are refused for now; they pass when it is empty. */
  readonly suspendedFor: readonly SuspensionReason[];
}

/**
 * Suspends a subscription for a reason, or lifts that reason: while one is left, the gateways refuse its calls, within a
 * second, and end its open streams; its keys stay as they are. A publisher does so only with subscriptions to own products.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_canceled`
 */
export function suspendSubscription(
  context: ServiceContext,
  {
    subscriptionId,
    publisherUserId = null,
    ...suspension
  }: SubscriptionSuspension & {
    readonly subscriptionId: string;
    /** Only of products of the teams that this person belongs to; null, the default, for whoever operates the installation. */
    readonly publisherUserId?: string | null;
  },
): Promise<SuspensionChange> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const subscription = await lockSubscription(transaction, subscriptionId);
    const isOwn =
      subscription !== null &&
      (publisherUserId === null ||
        (await isPublisherOfProduct(transaction, subscription.apiProductId, publisherUserId)));
    if (!isOwn) throw new NotFoundError('subscription');
    if (subscription.state === 'canceled') {
      throw new ConflictError('subscription_canceled', 'The subscription is canceled: its calls are refused anyway.');
    }
    return recordSuspension(context, transaction, subscription, suspension);
  });
}

/** Does the same for a subscription that the transaction has locked, with its audit and for the gateways. Call it last. */
export async function recordSuspension(
  context: ServiceContext,
  transaction: Transaction,
  subscription: Pick<Subscription, 'id' | 'organizationId' | 'suspendedFor'>,
  { reason, isSuspended, note, actor }: SubscriptionSuspension,
): Promise<SuspensionChange> {
  const before = subscription.suspendedFor;
  if (before.includes(reason) === isSuspended) return { hasChanged: false, suspendedFor: before };
  const suspendedFor = changeSuspension(before, reason, isSuspended);
  await updateSuspension(transaction, subscription.id, suspendedFor);
  await recordChange(context, transaction, subscription, {
    actor,
    action: isSuspended ? suspended[reason] : 'restored',
    details: { for: reason, suspendedFor, ...(note === null ? {} : { reason: note }) },
    event: { type: isSuspended ? 'subscription.suspended' : 'subscription.restored', reason },
  });
  return { hasChanged: true, suspendedFor };
}

const suspended: Readonly<Record<SuspensionReason, string>> = {
  operator: 'suspended',
  publisher: 'suspended',
  payment: 'suspended for payment',
  trial_ended: 'suspended after its trial',
};
