import type { Subscription } from '#domain';
import {
  type Actor,
  type Transaction,
  appendChange,
  appendChanges,
  appendToAuditLog,
  lockEndedSubscription,
  lockEndedSubscriptions,
  markCanceled,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { emitEvent } from '../webhook/emit-events.js';
import { subscriptionEvent } from './live-subscription.js';

const BATCH = 500;
const system: Actor = { kind: 'system', id: null };

/**
 * Carries out the cancellations whose time has come; the gateways refuse from that time on by themselves. Returns how many.
 * Each is carried out once, however many callers there are.
 */
export async function endDueSubscriptions(context: ServiceContext): Promise<number> {
  for (let ended = 0; ;) {
    const count = await context.unitOfWork.inSystem(async (transaction) => {
      const at = context.clock.now();
      const due = await lockEndedSubscriptions(transaction, { at, limit: BATCH });
      for (const subscription of due) await end(context, transaction, subscription);
      const ids = due.map(({ id }) => id);
      await appendChanges(transaction, 'subscription', ids, at);
      return due.length;
    });
    ended += count;
    if (count < BATCH) return ended;
  }
}

/** The same for what an application has of a product, so that it can be subscribed again at once. */
export async function endSubscriptionOf(
  context: ServiceContext,
  transaction: Transaction,
  { applicationId, apiProductId }: Pick<Subscription, 'applicationId' | 'apiProductId'>,
): Promise<void> {
  const at = context.clock.now();
  const ended = await lockEndedSubscription(transaction, { applicationId, apiProductId, at });
  if (!ended) return;
  await end(context, transaction, ended);
  await appendChange(transaction, 'subscription', ended.id, at);
}

async function end(
  context: ServiceContext,
  transaction: Transaction,
  { id, organizationId, cancelAt }: Subscription,
): Promise<void> {
  await markCanceled(transaction, id, cancelAt!);
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    actor: system,
    action: 'canceled',
    noun: 'subscription',
    nounId: id,
    details: { canceledAt: cancelAt!.toISOString(), scheduled: true },
    createdAt: context.clock.now(),
  });
  await emitEvent(context, transaction, subscriptionEvent(organizationId, id, { type: 'subscription.canceled' }));
}
