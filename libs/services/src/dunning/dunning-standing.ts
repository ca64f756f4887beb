import {
  type Actor,
  type DunningStanding,
  type Transaction,
  listUncanceledSubscriptionIds,
  lockSubscription,
  readDunningStanding,
  updatePaymentState,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { recordChange } from '../subscription/live-subscription.js';
import { recordSuspension } from '../subscription/suspend-subscription.js';

/**
 * Brings the subscriptions of an organization to what its unpaid invoices say: past due, suspended, or neither; the gateways learn
 * of it at once. Repeated it changes nothing. Returns what holds.
 */
export async function applyDunningStanding(
  context: ServiceContext,
  transaction: Transaction,
  { organizationId, actor }: { readonly organizationId: string; readonly actor: Actor },
): Promise<DunningStanding> {
  const ids = await listUncanceledSubscriptionIds(transaction, organizationId);
  const locked = [];
  for (const id of ids) locked.push(await lockSubscription(transaction, id));
  // Only now: of two cases that end or are suspended at the same time, the second sees the first.
  const standing = await readDunningStanding(transaction, organizationId, context.clock.now());
  const paymentState = standing.isPastDue ? 'past_due' : 'current';
  for (const subscription of locked) {
    if (!subscription || subscription.state === 'canceled') continue;
    if (subscription.paymentState !== paymentState) {
      await updatePaymentState(transaction, subscription.id, paymentState);
      await recordChange(context, transaction, subscription, {
        actor,
        action: standing.isPastDue ? 'marked past due' : 'marked current',
        details: { from: subscription.paymentState },
      });
    }
    const suspension = { reason: 'payment', isSuspended: standing.isSuspended, note: null, actor } as const;
    await recordSuspension(context, transaction, subscription, suspension);
  }
  return standing;
}
