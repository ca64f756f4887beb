import { type BillingPeriod, monthlyPeriodAt } from '#domain';
import { insertMissingBillingPeriods, lockRatedSubscriptions } from '#persistence';
import type { ServiceContext } from '../context.js';

/**
 * Makes sure that usage which comes after these periods are closed has somewhere to go. A subscription that was canceled
 * before the next period begins gets none. In a transaction of its own: the one that closes the periods may then hold only
 * their locks, and cannot meet ingest, which takes a period too, in a deadlock.
 */
export function ensureNextPeriods(context: ServiceContext, periods: readonly BillingPeriod[]): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const ids = periods.map(({ subscriptionId }) => subscriptionId);
    const subscriptions = new Map(
      (await lockRatedSubscriptions(transaction, ids)).map((subscription) => [subscription.id, subscription]),
    );
    const following = periods.flatMap(({ subscriptionId, organizationId, endsAt }) => {
      const subscription = subscriptions.get(subscriptionId);
      if (!subscription || (subscription.canceledAt && subscription.canceledAt <= endsAt)) return [];
      const next = monthlyPeriodAt(subscription.anchorAt.getTime(), endsAt.getTime());
      return [{ subscriptionId, organizationId, startsAt: new Date(next.startMs), endsAt: new Date(next.endMs) }];
    });
    await insertMissingBillingPeriods(transaction, following);
  });
}
