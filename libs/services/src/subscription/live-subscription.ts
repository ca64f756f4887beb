import {
  ConflictError,
  NotFoundError,
  type Subscription,
  type WebhookEvent,
  monthlyPeriodAt,
  subscriptionStatus,
} from '#domain';
import {
  type Actor,
  type Transaction,
  appendChange,
  appendToAuditLog,
  lockSubscription,
  lookForPriceRise,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { emitEvent } from '../webhook/emit-events.js';

/** A subscription that nobody else changes, and the instant from which that is so. */
export interface LiveSubscription {
  readonly subscription: Subscription;
  readonly at: Date;
}

/**
 * The subscription, locked until the transaction ends, and the present instant: no earlier change is still to come.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_canceled` from the instant at which it ends
 */
export async function lockLiveSubscription(
  { clock }: Pick<ServiceContext, 'clock'>,
  transaction: Transaction,
  id: string,
): Promise<LiveSubscription> {
  const subscription = await lockSubscription(transaction, id);
  if (!subscription) throw new NotFoundError('subscription');
  const at = clock.now();
  if (subscriptionStatus({ ...subscription, trialEndsAt: null }, at) === 'canceled') {
    throw new ConflictError(
      'subscription_canceled',
      'The subscription is canceled, which is final. Subscribe to the product again instead.',
    );
  }
  return { subscription, at };
}

/** The billing period that holds an instant. */
export function currentPeriod(
  { anchorAt }: Pick<Subscription, 'anchorAt'>,
  at: Date,
): { readonly startsAt: Date; readonly endsAt: Date } {
  const { startMs, endMs } = monthlyPeriodAt(anchorAt.getTime(), at.getTime());
  return { startsAt: new Date(startMs), endsAt: new Date(endMs) };
}

/** Who did what to the subscription. */
export interface RecordedChange {
  readonly actor: Actor;
  readonly action: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** What the organization's endpoints are told; nothing when it is absent. */
  readonly event?: SubscriptionNotice;
}

/** How a subscription was changed, in `subscription.changed`. */
type ChangeKind =
  | 'plan_changed'
  | 'plan_planned'
  | 'plan_kept'
  | 'plan_version_planned'
  | 'terms_changed'
  | 'cancellation_scheduled'
  | 'cancellation_taken_back'
  | 'trial_went_on'
  | 'coupon_redeemed'
  | 'coupon_removed';

/** An event of a subscription, without whose it is. */
export type SubscriptionNotice =
  | { readonly type: 'subscription.approved' | 'subscription.refused' | 'subscription.canceled' }
  | { readonly type: 'subscription.changed'; readonly change: ChangeKind }
  | { readonly type: 'subscription.suspended' | 'subscription.restored'; readonly reason: string };

/** Writes a change of the subscription down, tells the gateways of it, and lets it be looked whether it costs more soon. Call it last. */
export async function recordChange(
  context: ServiceContext,
  transaction: Transaction,
  { id, organizationId }: Pick<Subscription, 'id' | 'organizationId'>,
  { event, ...change }: RecordedChange,
): Promise<void> {
  const createdAt = context.clock.now();
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    noun: 'subscription',
    nounId: id,
    createdAt,
    ...change,
  });
  if (event) await emitEvent(context, transaction, subscriptionEvent(organizationId, id, event));
  await lookForPriceRise(transaction, id, createdAt);
  await appendChange(transaction, 'subscription', id, createdAt);
}

/** The event in full. */
export function subscriptionEvent(
  organizationId: string,
  subscriptionId: string,
  { type, ...rest }: SubscriptionNotice,
): WebhookEvent {
  return { organizationId, type, data: { subscriptionId, ...rest } } as WebhookEvent;
}
