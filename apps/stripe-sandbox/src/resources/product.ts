import { type Metadata, type MetadataChange, mergeMetadata } from '../http/metadata.js';
import { required } from '../http/params.js';
import { noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';

const untouched = {
  images: [],
  livemode: false,
  marketing_features: [],
  package_dimensions: null,
  shippable: null,
  statement_descriptor: null,
  tax_details: null,
  type: 'service',
} as const;

export type Product = typeof untouched & {
  readonly id: string;
  readonly object: 'product';
  readonly active: boolean;
  readonly created: number;
  readonly default_price: string | null;
  readonly description: string | null;
  readonly metadata: Metadata;
  readonly name: string;
  readonly tax_code: string | null;
  readonly unit_label: string | null;
  readonly updated: number;
  readonly url: string | null;
};

export type NewProduct = Pick<
  Product,
  'active' | 'description' | 'metadata' | 'name' | 'tax_code' | 'unit_label' | 'url'
>;

export function createProduct(call: Call, fields: NewProduct, id = newId('prod', 14)): Product {
  const product = call.store.put('products', {
    ...untouched,
    ...fields,
    id,
    object: 'product',
    created: call.now,
    default_price: null,
    updated: call.now,
  });
  call.emit('product.created', product);
  return product;
}

/** A product that a request describes where it needs one. */
export function inlineProduct(
  call: Call,
  data: {
    readonly active?: boolean | undefined;
    readonly metadata?: MetadataChange | undefined;
    readonly name?: string | undefined;
    readonly unit_label?: string | undefined;
  },
  param: string,
): Product {
  return createProduct(call, {
    active: data.active ?? true,
    description: null,
    metadata: mergeMetadata({}, data.metadata),
    name: required(data.name, `${param}[name]`),
    tax_code: null,
    unit_label: data.unit_label ?? null,
    url: null,
  });
}

export function productOf(call: Call, id: string, param = 'id'): Product {
  const product = call.store.get('products', id);
  if (product === undefined) throw noSuch('product', id, param);
  return product;
}
