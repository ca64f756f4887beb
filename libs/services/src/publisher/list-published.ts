import type { SubscriptionState } from '#domain';
import {
  type CatalogProduct,
  type ProductPlace,
  type Slice,
  countActiveSubscriptions,
  listCatalogProducts,
  listSubscriptionsMatching,
  sumUsageOfPeriods,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type SubscriptionOverview, withCurrentPeriod } from '../subscription/list-subscriptions.js';

/** A product as its publisher sees it. */
export interface PublishedProduct extends CatalogProduct {
  /** Active subscriptions. */
  readonly subscriptionCount: number;
}

/** The products of the person's publisher teams, in the order of the catalogue, after a place in it. */
export function listPublisherProducts(
  context: ServiceContext,
  publisherUserId: string,
  slice: Slice<ProductPlace> = {},
): Promise<PublishedProduct[]> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const products = await listCatalogProducts(transaction, { publisherUserId }, slice);
    const counts = await countActiveSubscriptions(transaction);
    return products.map((product) => ({ ...product, subscriptionCount: counts.get(product.id) ?? 0 }));
  });
}

/** A subscription as the publisher of its product sees it: with what it has used in its current period. */
export interface PublishedSubscription extends SubscriptionOverview {
  readonly meters: readonly {
    readonly slug: string;
    readonly title: string;
    readonly unit: string;
    readonly quantity: string;
  }[];
}

/** Which of them, and which part of the list; see `SubscriptionFilter`. */
export interface PublishedSubscriptionQuery {
  readonly state?: SubscriptionState | undefined;
  readonly name?: string | undefined;
  /** The `next` of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** A page of the subscriptions to the products of the person's publisher teams, newest first; `next` is null after the last. */
export function listPublisherSubscriptions(
  context: ServiceContext,
  publisherUserId: string,
  { state, name, before, limit }: PublishedSubscriptionQuery,
): Promise<{ readonly subscriptions: PublishedSubscription[]; readonly next: string | null }> {
  const at = context.clock.now();
  return context.unitOfWork.inSystem(async (transaction) => {
    const products = await listCatalogProducts(transaction, { publisherUserId });
    const filter = { publisherUserId, state, name };
    const found = await listSubscriptionsMatching(transaction, filter, at, { before, limit: limit + 1 });
    const subscriptions = found.slice(0, limit).map((subscription) => withCurrentPeriod(subscription, at));
    const used = await sumUsageOfPeriods(
      transaction,
      subscriptions.map(({ id, currentPeriod }) => ({ subscriptionId: id, periodStart: currentPeriod.start })),
    );
    const metersByProduct = new Map(products.map((product) => [product.id, product.meters]));
    return {
      subscriptions: subscriptions.map((subscription) => ({
        ...subscription,
        meters: (metersByProduct.get(subscription.product.id) ?? []).map((meter) => ({
          ...meter,
          quantity:
            used.find((sum) => sum.subscriptionId === subscription.id && sum.meter === meter.slug)?.quantity ?? '0',
        })),
      })),
      next: found.length > limit ? subscriptions.at(-1)!.id : null,
    };
  });
}
