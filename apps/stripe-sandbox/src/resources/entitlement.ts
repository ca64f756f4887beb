import type { Metadata } from '../http/metadata.js';
import { noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';

/** Something that products can give to who subscribes to them. */
export interface Feature {
  readonly id: string;
  readonly object: 'entitlements.feature';
  readonly active: boolean;
  readonly livemode: false;
  readonly lookup_key: string;
  readonly metadata: Metadata;
  readonly name: string;
}

/** As stored: a feature of a product. */
export interface ProductFeature {
  readonly id: string;
  readonly feature: string;
  readonly product: string;
}

/** A feature that a customer has now. */
export interface ActiveEntitlement {
  readonly id: string;
  readonly object: 'entitlements.active_entitlement';
  readonly customer: string;
  readonly feature: string;
  readonly livemode: false;
  readonly lookup_key: string;
}

export function featureOf(call: Call, id: string, param = 'id'): Feature {
  const feature = call.store.get('features', id);
  if (feature === undefined) throw noSuch('feature', id, param);
  return feature;
}

export function renderEntitlement({ customer: _customer, ...entitlement }: ActiveEntitlement): object {
  return entitlement;
}

const entitling = new Set(['active', 'past_due', 'trialing']);

/** Gives the customer what their subscriptions have, takes the rest away, and says so if that is a change. */
export function refreshEntitlements(call: Call, customer: string): void {
  const { store } = call;
  const products = store
    .childrenOf('subscriptions', customer)
    .filter(({ status }) => entitling.has(status))
    .flatMap(({ id }) => store.childrenOf('subscription_items', id))
    .map(({ price }) => store.get('prices', price)?.product ?? '');
  const entitled = new Set(
    products.flatMap((product) => store.childrenOf('product_features', product)).map(({ feature }) => feature),
  );
  const present = store.childrenOf('active_entitlements', customer);
  const gone = present.filter(({ feature }) => !entitled.has(feature));
  const come = [...entitled].filter((feature) => present.every((each) => each.feature !== feature));
  for (const { id } of gone) store.delete('active_entitlements', id);
  for (const feature of come) {
    store.put('active_entitlements', {
      id: newId('ent_test', 44),
      object: 'entitlements.active_entitlement',
      customer,
      feature,
      livemode: false,
      lookup_key: featureOf(call, feature).lookup_key,
    });
  }
  if (gone.length === 0 && come.length === 0) return;
  const data = store.childrenOf('active_entitlements', customer).map(renderEntitlement);
  const url = `/v1/customers/${customer}/entitlements`;
  call.emit('entitlements.active_entitlement_summary.updated', {
    object: 'entitlements.active_entitlement_summary',
    customer,
    entitlements: { object: 'list', data: data.slice(0, 10), has_more: data.length > 10, url },
    livemode: false,
  });
}

/** A product has other features than before: whoever subscribes to it has them too. */
export function refreshSubscribersOf(call: Call, product: string): void {
  const customers = call.store
    .all('subscriptions')
    .filter(({ id }) =>
      call.store
        .childrenOf('subscription_items', id)
        .some(({ price }) => call.store.get('prices', price)?.product === product),
    )
    .map(({ customer }) => customer);
  for (const customer of new Set(customers)) refreshEntitlements(call, customer);
}
