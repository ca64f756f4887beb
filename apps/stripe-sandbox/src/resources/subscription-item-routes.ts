import { required, text, type Params } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { itemChangeReaders, itemReaders } from './subscription-readers.js';
import {
  hasEnded,
  renderItem,
  renderSubscription,
  subscriptionItemsOf,
  subscriptionOf,
  type SubscriptionItem,
} from './subscription.js';
import { atClockOf } from './test-clock.js';
import { changeItems, type ItemChange } from './update-subscription.js';

export const subscriptionItemRoutes: readonly Route[] = [
  route(
    'POST',
    '/v1/subscription_items',
    { ...itemReaders, ...itemChangeReaders, subscription: text() },
    (outer, params) => {
      const id = required(params.subscription, 'subscription');
      required(params.price, 'price');
      const known = new Set(
        subscriptionItemsOf(outer, subscriptionOf(outer, id, 'subscription').id).map((item) => item.id),
      );
      changeOne(outer, id, params, params);
      return renderItem(
        outer,
        subscriptionItemsOf(outer, id).find((item) => !known.has(item.id))!,
      );
    },
  ),

  route('GET', '/v1/subscription_items/{id}', {}, (call, _params, id) => renderItem(call, itemOf(call, id))),

  route('POST', '/v1/subscription_items/{id}', { ...itemReaders, ...itemChangeReaders }, (call, params, id) => {
    changeOne(call, itemOf(call, id).subscription, { ...params, id }, params);
    return renderItem(call, itemOf(call, id));
  }),

  route('DELETE', '/v1/subscription_items/{id}', itemChangeReaders, (call, params, id) => {
    const item = itemOf(call, id);
    if (subscriptionItemsOf(call, item.subscription).length === 1) {
      throw invalidRequest('A subscription must have at least one active item. Cancel the subscription instead.');
    }
    changeOne(call, item.subscription, { id, deleted: true }, params);
    return { id, object: 'subscription_item', deleted: true };
  }),

  listRoute(
    '/v1/subscription_items',
    'subscription_item',
    { subscription: text() },
    (call, params) => call.store.childrenOf('subscription_items', required(params.subscription, 'subscription')),
    renderItem,
  ),
];

function changeOne(
  outer: Call,
  subscriptionId: string,
  item: ItemChange,
  params: Params<typeof itemChangeReaders>,
): void {
  const subscription = subscriptionOf(outer, subscriptionId, 'subscription');
  const call = atClockOf(outer, subscription);
  if (hasEnded(subscription)) throw invalidRequest('The subscription has ended.', 'subscription');
  const { deleted, discounts, id, price, quantity: count, metadata: change, tax_rates: rates } = item;
  const asked: ItemChange = {
    ...(deleted !== undefined && { deleted }),
    ...(id !== undefined && { id }),
    ...(price !== undefined && { price }),
    ...(count !== undefined && { quantity: count }),
    ...(change !== undefined && { metadata: change }),
    ...(discounts !== undefined && { discounts }),
    ...(rates !== undefined && { tax_rates: rates }),
  };
  changeItems(call, subscription, [asked], {
    behavior: params.proration_behavior ?? 'create_prorations',
    from: params.proration_date ?? call.now,
    paymentBehavior: params.payment_behavior ?? 'allow_incomplete',
  });
  call.emit('customer.subscription.updated', renderSubscription(call, subscriptionOf(call, subscriptionId)), {});
}

function itemOf(call: Call, id: string): SubscriptionItem {
  const item = call.store.get('subscription_items', id);
  if (item === undefined) throw noSuch('subscription_item', id, 'id');
  return item;
}
