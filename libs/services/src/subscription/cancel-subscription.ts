import {
  type CancelWhen,
  type PaymentProvider,
  type Subscription,
  effectiveMs,
  endPhases,
  phaseAt,
  resumePhases,
  withPhaseEnds,
} from '#domain';
import {
  type Actor,
  type PricedPhase,
  type Transaction,
  listPricedPhases,
  markCanceled,
  shortenPeriod,
  updateCancelAt,
  updatePhaseEnds,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type EstimatedPeriod, estimatePeriodFromLedger } from '../period/rate-from-ledger.js';
import { resumeAfterTrial } from './end-trials.js';
import { type SubscriptionOverview, findSubscriptionWithin } from './list-subscriptions.js';
import { currentPeriod, lockLiveSubscription, recordChange } from './live-subscription.js';

export interface CancelInput {
  readonly organizationId: string;
  readonly subscriptionId: string;
  readonly when: CancelWhen;
  readonly actor: Actor;
}

/**
 * Ends a subscription: with its period, which can be taken back until then, or at once and for good. From that instant on
 * the gateways refuse its calls, whatever else its application's keys open. All that was used until then is on the
 * invoice of the period, which is made as soon as the usage of the last minutes has arrived. Repeated, it changes nothing.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_canceled`
 */
export function cancelSubscription(
  context: ServiceContext,
  { organizationId, subscriptionId, when, actor }: CancelInput,
): Promise<SubscriptionOverview> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const { subscription, at } = await lockLiveSubscription(context, transaction, subscriptionId);
    if (subscription.state === 'pending_approval') {
      await markCanceled(transaction, subscriptionId, at);
      await recordChange(context, transaction, subscription, {
        actor,
        action: 'canceled',
        details: {},
        event: { type: 'subscription.canceled' },
      });
      return findSubscriptionWithin(transaction, subscriptionId, at);
    }
    const phases = await listPricedPhases(transaction, subscriptionId);
    const endsAt = endOf(subscription, phases, when, at);
    if (subscription.cancelAt?.getTime() === endsAt.getTime() && when === 'period_end')
      return findSubscriptionWithin(transaction, subscriptionId, at);
    await updatePhaseEnds(transaction, endPhases(phases, at, endsAt));
    if (when === 'now') await endNow(transaction, subscription, endsAt);
    else await updateCancelAt(transaction, subscriptionId, endsAt);
    await recordChange(context, transaction, subscription, {
      actor,
      action: when === 'now' ? 'canceled' : 'scheduled the cancellation of',
      details: { canceledAt: endsAt.toISOString() },
      event:
        when === 'now'
          ? { type: 'subscription.canceled' }
          : { type: 'subscription.changed', change: 'cancellation_scheduled' },
    });
    return findSubscriptionWithin(transaction, subscriptionId, at);
  });
}

export interface ReactivateInput extends Omit<CancelInput, 'when'> {
  /** Asked for the organization's card when a trial has ended; null when no card is needed. */
  readonly paymentProvider: PaymentProvider | null;
}

/**
 * Takes a scheduled cancellation back, or lets what was suspended at the end of its trial go on, now that there is a card; any
 * other subscription stays as it is.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_canceled`, `payment_method_required`
 */
export async function reactivateSubscription(
  context: ServiceContext,
  { organizationId, subscriptionId, paymentProvider, actor }: ReactivateInput,
): Promise<SubscriptionOverview> {
  await resumeAfterTrial(context, { organizationId, subscriptionId, paymentProvider, actor });
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const { subscription, at } = await lockLiveSubscription(context, transaction, subscriptionId);
    if (subscription.cancelAt !== null) {
      await updateCancelAt(transaction, subscriptionId, null);
      const phases = await listPricedPhases(transaction, subscriptionId);
      await updatePhaseEnds(transaction, resumePhases(phases, at));
      const details = { canceledAt: subscription.cancelAt.toISOString() };
      await recordChange(context, transaction, subscription, {
        actor,
        action: 'reactivated',
        details,
        event: { type: 'subscription.changed', change: 'cancellation_taken_back' },
      });
    }
    return findSubscriptionWithin(transaction, subscriptionId, at);
  });
}

/** What a cancellation would do. */
export interface CancellationPreview extends EstimatedPeriod {
  /** The instant from which calls are refused. */
  readonly canceledAt: Date;
  readonly currency: string;
}

/**
 * When a cancellation would end the subscription, and the invoice of the period that is under way, by what was used so far.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_canceled`
 */
export function previewCancellation(
  context: ServiceContext,
  { organizationId, subscriptionId, when }: Omit<CancelInput, 'actor'>,
): Promise<CancellationPreview> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const { subscription, at } = await lockLiveSubscription(context, transaction, subscriptionId);
    const phases = await listPricedPhases(transaction, subscriptionId);
    const canceledAt = endOf(subscription, phases, when, at);
    const { startsAt, endsAt } = currentPeriod(subscription, at);
    // At once the period ends with the subscription, as in `endNow`: its last instant decides on taxes and credits.
    const isCut = when === 'now' && startsAt < canceledAt;
    const period = { subscriptionId, organizationId, startsAt, endsAt: isCut ? canceledAt : endsAt };
    const supposed = { canceledAt, phases: withPhaseEnds(phases, endPhases(phases, at, canceledAt)) };
    const { currency } = phaseAt(phases, at).definition;
    return { canceledAt, currency, ...(await estimatePeriodFromLedger(context, transaction, period, supposed)) };
  });
}

function endOf({ anchorAt }: Subscription, phases: readonly PricedPhase[], when: CancelWhen, at: Date): Date {
  return new Date(effectiveMs(when, phaseAt(phases, at), anchorAt.getTime(), at.getTime()));
}

/** The period ends with the subscription, so that its invoice need not wait for a month's end. */
async function endNow(transaction: Transaction, subscription: Subscription, canceledAt: Date): Promise<void> {
  const { id: subscriptionId, organizationId } = subscription;
  await markCanceled(transaction, subscriptionId, canceledAt);
  const { startsAt } = currentPeriod(subscription, canceledAt);
  if (startsAt < canceledAt)
    await shortenPeriod(transaction, { subscriptionId, organizationId, startsAt, endsAt: canceledAt });
}
