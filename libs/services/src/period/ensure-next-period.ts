import { type BillingPeriod, monthlyPeriodAt } from '#domain';
import { insertBillingPeriodIfMissing, lockRatedSubscription } from '#persistence';
import type { ServiceContext } from '../context.js';

/**
 * Makes sure that usage which comes after a period is closed has somewhere to go. A subscription that was canceled
 * before the next period begins gets none. In a transaction of its own: the one that closes the period may then hold
 * only the lock of that period, and cannot meet ingest, which takes a period too, in a deadlock.
 */
export function ensureNextPeriod(context: ServiceContext, period: BillingPeriod): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const subscription = await lockRatedSubscription(transaction, period.subscriptionId);
    if (!subscription || (subscription.canceledAt && subscription.canceledAt <= period.endsAt)) return;
    const next = monthlyPeriodAt(subscription.anchorAt.getTime(), period.endsAt.getTime());
    await insertBillingPeriodIfMissing(transaction, {
      subscriptionId: period.subscriptionId,
      organizationId: period.organizationId,
      startsAt: new Date(next.startMs),
      endsAt: new Date(next.endMs),
    });
  });
}
