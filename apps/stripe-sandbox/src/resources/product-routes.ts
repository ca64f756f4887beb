import { mergeMetadata, metadata } from '../http/metadata.js';
import { createdFilter } from '../http/pagination.js';
import { boolean, clearable, list, required, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest } from '../http/stripe-fault.js';
import { createProduct, productOf } from './product.js';
import { previousOf } from './previous-attributes.js';
import { priceOf } from './price.js';

const plain = clearable(text());
const writable = {
  active: boolean,
  description: plain,
  metadata,
  name: text(250),
  tax_code: plain,
  unit_label: clearable(text(12)),
  url: plain,
};

export const productRoutes: readonly Route[] = [
  route('POST', '/v1/products', { ...writable, id: text(255) }, (call, params) => {
    if (params.id !== undefined && call.store.get('products', params.id)) {
      throw invalidRequest(`Product with id ${params.id} already exists.`, 'id', 'resource_already_exists');
    }
    return createProduct(
      call,
      {
        active: params.active ?? true,
        description: params.description ?? null,
        metadata: mergeMetadata({}, params.metadata),
        name: required(params.name, 'name'),
        tax_code: params.tax_code ?? null,
        unit_label: params.unit_label ?? null,
        url: params.url ?? null,
      },
      params.id,
    );
  }),

  route('GET', '/v1/products/{id}', {}, (call, _params, id) => productOf(call, id)),

  route('POST', '/v1/products/{id}', { ...writable, default_price: text() }, (call, params, id) => {
    const before = productOf(call, id);
    const { metadata: change, default_price: defaultPrice, ...plainFields } = params;
    if (defaultPrice !== undefined && priceOf(call, defaultPrice, 'default_price').product !== id) {
      throw invalidRequest(`The price ${defaultPrice} does not belong to the product ${id}.`, 'default_price');
    }
    const product = call.store.put('products', {
      ...before,
      ...plainFields,
      ...(defaultPrice !== undefined && { default_price: defaultPrice }),
      metadata: mergeMetadata(before.metadata, change),
      updated: call.now,
    });
    call.emit('product.updated', product, previousOf(before, product));
    return product;
  }),

  route('DELETE', '/v1/products/{id}', {}, (call, _params, id) => {
    const product = productOf(call, id);
    if (call.store.childrenOf('prices', id).length > 0) {
      throw invalidRequest(
        `This product cannot be deleted because it has one or more user-created prices. Archive it instead.`,
      );
    }
    call.store.delete('products', id);
    call.emit('product.deleted', product);
    return { id, object: 'product', deleted: true };
  }),

  listRoute('/v1/products', 'product', { active: boolean, created: createdFilter, ids: list(text()) }, (call, params) =>
    call.store
      .all('products')
      .filter((product) => product.active === (params.active ?? product.active))
      .filter((product) => params.ids?.includes(product.id) ?? true)
      .filter((product) => params.created?.(product.created) ?? true),
  ),
];
