import { ConflictError, NotFoundError, type Subscription, subscriptionStatus } from '#domain';
import { type Transaction, lockSubscription } from '#persistence';

/**
 * The subscription, locked until the transaction ends.
 * @throws NotFoundError `subscription_not_found`; ConflictError `subscription_canceled` from the instant at which it ends
 */
export async function lockLiveSubscription(transaction: Transaction, id: string, at: Date): Promise<Subscription> {
  const subscription = await lockSubscription(transaction, id);
  if (!subscription) throw new NotFoundError('subscription');
  if (subscriptionStatus(subscription, at) === 'canceled') {
    throw new ConflictError(
      'subscription_canceled',
      'The subscription is canceled, which is final. Subscribe to the product again instead.',
    );
  }
  return subscription;
}
