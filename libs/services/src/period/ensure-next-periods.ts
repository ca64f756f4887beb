import type { BillingPeriod } from '#domain';
import { insertMissingBillingPeriods, lockRatedSubscriptions } from '#persistence';
import type { ServiceContext } from '../context.js';
import { currentPeriod } from '../subscription/live-subscription.js';

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
      return [{ subscriptionId, organizationId, ...currentPeriod(subscription, endsAt) }];
    });
    await insertMissingBillingPeriods(transaction, following);
  });
}
