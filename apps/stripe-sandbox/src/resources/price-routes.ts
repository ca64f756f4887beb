import { mergeMetadata, metadata } from '../http/metadata.js';
import { createdFilter } from '../http/pagination.js';
import {
  boolean,
  clearable,
  decimal,
  hash,
  integer,
  list,
  oneOf,
  required,
  text,
  type Params,
} from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { currency } from './currency.js';
import { meterOf } from './meter.js';
import { previousOf } from './previous-attributes.js';
import { createPrice, priceOf, renderPrice, type NewPrice, type Price, type Recurring, type Tier } from './price.js';
import { inlineProduct, productOf } from './product.js';

const tier = hash({
  flat_amount: integer,
  flat_amount_decimal: decimal,
  unit_amount: integer,
  unit_amount_decimal: decimal,
  up_to: (node, path) => (node === 'inf' ? null : integer(node, path)),
});

const createReaders = {
  active: boolean,
  billing_scheme: oneOf('per_unit', 'tiered'),
  currency,
  lookup_key: text(200),
  metadata,
  nickname: text(),
  product: text(),
  product_data: hash({ active: boolean, metadata, name: text(250), unit_label: text(12) }),
  recurring: hash({
    interval: oneOf('day', 'week', 'month', 'year'),
    interval_count: integer,
    meter: text(),
    usage_type: oneOf('licensed', 'metered'),
  }),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  tiers: list(tier),
  tiers_mode: oneOf('graduated', 'volume'),
  transform_quantity: hash({ divide_by: integer, round: oneOf('down', 'up') }),
  unit_amount: integer,
  unit_amount_decimal: decimal,
};

type CreateParams = Params<typeof createReaders>;

export const priceRoutes: readonly Route[] = [
  route('POST', '/v1/prices', createReaders, (call, params) => renderPrice(createPrice(call, read(call, params)))),

  route('GET', '/v1/prices/{id}', {}, (call, _params, id) => renderPrice(priceOf(call, id))),

  route(
    'POST',
    '/v1/prices/{id}',
    { active: boolean, lookup_key: text(200), metadata, nickname: clearable(text()) },
    (call, params, id) => {
      const before = priceOf(call, id);
      if (params.lookup_key !== undefined) refuseTakenLookupKey(call, params.lookup_key, id);
      const price = call.store.put('prices', {
        ...before,
        active: params.active ?? before.active,
        lookup_key: params.lookup_key ?? before.lookup_key,
        metadata: mergeMetadata(before.metadata, params.metadata),
        nickname: params.nickname === undefined ? before.nickname : params.nickname,
      });
      call.emit('price.updated', renderPrice(price), previousOf(before, price));
      return renderPrice(price);
    },
  ),

  listRoute(
    '/v1/prices',
    'price',
    {
      active: boolean,
      created: createdFilter,
      currency,
      lookup_keys: list(text()),
      product: text(),
      type: oneOf('one_time', 'recurring'),
    },
    (call, params) =>
      (params.product === undefined ? call.store.all('prices') : call.store.childrenOf('prices', params.product))
        .filter((price) => price.active === (params.active ?? price.active))
        .filter((price) => price.currency === (params.currency ?? price.currency))
        .filter((price) => price.type === (params.type ?? price.type))
        .filter((price) => params.lookup_keys?.includes(price.lookup_key ?? '') ?? true)
        .filter((price) => params.created?.(price.created) ?? true),
    (_call, price) => renderPrice(price),
  ),
];

function read(call: Call, params: CreateParams): NewPrice {
  const scheme = params.billing_scheme ?? 'per_unit';
  const code = required(params.currency, 'currency');
  if (params.lookup_key !== undefined) refuseTakenLookupKey(call, params.lookup_key);
  const recurring = params.recurring === undefined ? null : readRecurring(call, params.recurring);
  return {
    active: params.active ?? true,
    billing_scheme: scheme,
    currency: code,
    lookup_key: params.lookup_key ?? null,
    metadata: mergeMetadata({}, params.metadata),
    nickname: params.nickname ?? null,
    product: productFor(call, params),
    recurring,
    tax_behavior: params.tax_behavior ?? 'unspecified',
    ...(scheme === 'tiered' ? tiered(params) : perUnit(params)),
  };
}

function readRecurring(call: Call, params: NonNullable<CreateParams['recurring']>): Recurring {
  const usageType = params.usage_type ?? 'licensed';
  if (usageType === 'metered' && params.meter === undefined) {
    throw invalidRequest('Metered prices must be backed by meters.', 'recurring[meter]', 'parameter_missing');
  }
  if (usageType === 'licensed' && params.meter !== undefined) {
    throw invalidRequest('`recurring[meter]` needs `recurring[usage_type]=metered`.', 'recurring[meter]');
  }
  const count = params.interval_count ?? 1;
  if (count < 1 || count > 36) throw invalidRequest('Invalid interval count', 'recurring[interval_count]');
  return {
    interval: required(params.interval, 'recurring[interval]'),
    interval_count: count,
    meter: params.meter === undefined ? null : meterOf(call, params.meter, 'recurring[meter]').id,
    trial_period_days: null,
    usage_type: usageType,
  };
}

function productFor(call: Call, params: CreateParams): string {
  if (params.product !== undefined) return productOf(call, params.product, 'product').id;
  const data = params.product_data;
  if (data === undefined) {
    throw invalidRequest('You must specify either `product` or `product_data` when creating a price.', 'product');
  }
  return inlineProduct(call, data, 'product_data').id;
}

type Amounts = Pick<Price, 'tiers' | 'tiers_mode' | 'transform_quantity' | 'unit_amount' | 'unit_amount_decimal'>;

function perUnit(params: CreateParams): Amounts {
  if (params.tiers !== undefined || params.tiers_mode !== undefined) {
    throw invalidRequest('`tiers` need `billing_scheme=tiered`.', params.tiers ? 'tiers' : 'tiers_mode');
  }
  const amount = amountOf(params.unit_amount, params.unit_amount_decimal, 'unit_amount');
  if (amount.decimal === null) throw invalidRequest('You must specify `unit_amount` or `unit_amount_decimal`.');
  const transform = params.transform_quantity;
  return {
    tiers: null,
    tiers_mode: null,
    transform_quantity:
      transform === undefined
        ? null
        : {
            divide_by: atLeastOne(required(transform.divide_by, 'transform_quantity[divide_by]')),
            round: required(transform.round, 'transform_quantity[round]'),
          },
    unit_amount: amount.whole,
    unit_amount_decimal: amount.decimal,
  };
}

function tiered(params: CreateParams): Amounts {
  if (params.transform_quantity !== undefined) {
    throw invalidRequest('`transform_quantity` cannot be combined with `tiers`.', 'transform_quantity');
  }
  if (params.unit_amount !== undefined || params.unit_amount_decimal !== undefined) {
    throw invalidRequest('A tiered price has its amounts in `tiers`.', 'unit_amount');
  }
  const tiers = required(params.tiers, 'tiers').map((each, index): Tier => {
    const name = `tiers[${index}]`;
    const unit = amountOf(each.unit_amount, each.unit_amount_decimal, `${name}[unit_amount]`);
    const flat = amountOf(each.flat_amount, each.flat_amount_decimal, `${name}[flat_amount]`);
    if (unit.decimal === null && flat.decimal === null) {
      throw invalidRequest('Each tier must have a `unit_amount` or a `flat_amount`.', name);
    }
    return {
      flat_amount: flat.whole,
      flat_amount_decimal: flat.decimal,
      unit_amount: unit.whole,
      unit_amount_decimal: unit.decimal,
      up_to: required(each.up_to, `${name}[up_to]`),
    };
  });
  const ordered = tiers.every(({ up_to: upTo }, index) => {
    const last = index === tiers.length - 1;
    return last ? upTo === null : upTo !== null && upTo > (tiers[index - 1]?.up_to ?? 0);
  });
  if (!ordered) throw invalidRequest('Tiers must go up, and the last must have `up_to=inf`.', 'tiers');
  return {
    tiers,
    tiers_mode: required(params.tiers_mode, 'tiers_mode'),
    transform_quantity: null,
    unit_amount: null,
    unit_amount_decimal: null,
  };
}

/** Both forms of an amount in minor units; `whole` is null where it has decimals. */
function amountOf(
  whole: number | undefined,
  exact: string | undefined,
  param: string,
): { readonly whole: number | null; readonly decimal: string | null } {
  if (whole !== undefined && exact !== undefined) {
    throw invalidRequest(`You may only specify one of ${param} and its decimal form.`, param);
  }
  const decimalForm = exact ?? (whole === undefined ? null : String(whole));
  if (decimalForm === null) return { whole: null, decimal: null };
  if (decimalForm.startsWith('-')) throw invalidRequest('This value must be greater than or equal to 0.', param);
  return { whole: /^\d+$/.test(decimalForm) ? Number(decimalForm) : null, decimal: decimalForm };
}

function atLeastOne(value: number): number {
  if (value < 1)
    throw invalidRequest('This value must be greater than or equal to 1.', 'transform_quantity[divide_by]');
  return value;
}

function refuseTakenLookupKey(call: Call, key: string, except?: string): void {
  const taken = call.store.all('prices').some((price) => price.lookup_key === key && price.id !== except);
  if (taken) throw invalidRequest(`A price (lookup key ${key}) already uses that lookup key.`, 'lookup_key');
}
