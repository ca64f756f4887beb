import { mergeMetadata, metadata } from '../http/metadata.js';
import { boolean, required, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { customerOf } from './customer.js';
import { featureOf, refreshSubscribersOf, renderEntitlement, type ProductFeature } from './entitlement.js';
import { productOf } from './product.js';

const path = '/v1/entitlements/features';
const ofProduct = '/v1/products/{id}/features';

export const entitlementRoutes: readonly Route[] = [
  route('POST', path, { lookup_key: text(80), metadata, name: text(80) }, (call, params) => {
    const key = required(params.lookup_key, 'lookup_key');
    if (call.store.all('features').some(({ lookup_key: other }) => other === key)) {
      throw invalidRequest(`A feature with lookup key ${key} already exists.`, 'lookup_key', 'resource_already_exists');
    }
    return call.store.put('features', {
      id: newId('feat_test', 44),
      object: 'entitlements.feature',
      active: true,
      livemode: false,
      lookup_key: key,
      metadata: mergeMetadata({}, params.metadata),
      name: required(params.name, 'name'),
    });
  }),

  route('GET', `${path}/{id}`, {}, (call, _params, id) => featureOf(call, id)),

  route('POST', `${path}/{id}`, { active: boolean, metadata, name: text(80) }, (call, params, id) => {
    const before = featureOf(call, id);
    return call.store.put('features', {
      ...before,
      active: params.active ?? before.active,
      metadata: mergeMetadata(before.metadata, params.metadata),
      name: params.name ?? before.name,
    });
  }),

  listRoute(path, 'feature', { archived: boolean, lookup_key: text(80) }, (call, params) =>
    call.store
      .all('features')
      .filter(({ active }) => params.archived === undefined || active !== params.archived)
      .filter(({ lookup_key: key }) => key === (params.lookup_key ?? key)),
  ),

  route('POST', ofProduct, { entitlement_feature: text() }, (call, params, product) => {
    productOf(call, product);
    const feature = featureOf(call, required(params.entitlement_feature, 'entitlement_feature'), 'entitlement_feature');
    if (!feature.active) throw invalidRequest('The feature is archived.', 'entitlement_feature');
    if (call.store.childrenOf('product_features', product).some((each) => each.feature === feature.id)) {
      throw invalidRequest('The product has this feature already.', 'entitlement_feature', 'resource_already_exists');
    }
    const made = call.store.put('product_features', { id: newId('prodft_test'), feature: feature.id, product });
    refreshSubscribersOf(call, product);
    return render(call, made);
  }),

  listRoute(
    ofProduct,
    'product feature',
    {},
    (call, _params, product) => call.store.childrenOf('product_features', productOf(call, product).id),
    render,
  ),

  route('GET', `${ofProduct}/{id}`, {}, (call, _params, product, id) => render(call, existing(call, product, id))),

  route('DELETE', `${ofProduct}/{id}`, {}, (call, _params, product, id) => {
    call.store.delete('product_features', existing(call, product, id).id);
    refreshSubscribersOf(call, product);
    return { id, object: 'product_feature', deleted: true };
  }),

  listRoute(
    '/v1/entitlements/active_entitlements',
    'active entitlement',
    { customer: text() },
    (call, params) =>
      call.store.childrenOf(
        'active_entitlements',
        customerOf(call, required(params.customer, 'customer'), 'customer').id,
      ),
    (_call, entitlement) => renderEntitlement(entitlement),
  ),

  route('GET', '/v1/entitlements/active_entitlements/{id}', {}, (call, _params, id) => {
    const entitlement = call.store.get('active_entitlements', id);
    if (entitlement === undefined) throw noSuch('active entitlement', id, 'id');
    return renderEntitlement(entitlement);
  }),
];

function existing(call: Call, product: string, id: string): ProductFeature {
  const found = call.store.get('product_features', id);
  if (found?.product !== product) throw noSuch('product feature', id, 'id');
  return found;
}

function render(call: Call, { id, feature }: ProductFeature): object {
  return { id, object: 'product_feature', entitlement_feature: featureOf(call, feature), livemode: false };
}
