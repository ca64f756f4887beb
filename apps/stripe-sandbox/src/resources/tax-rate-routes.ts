import { mergeMetadata, metadata, type Metadata } from '../http/metadata.js';
import { createdFilter } from '../http/pagination.js';
import { boolean, clearable, oneOf, percentage, required, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { previousOf } from './previous-attributes.js';

const taxType = oneOf('gst', 'hst', 'jct', 'pst', 'qst', 'rst', 'sales_tax', 'service_tax', 'vat');

export interface TaxRate {
  readonly id: string;
  readonly object: 'tax_rate';
  readonly active: boolean;
  readonly country: string | null;
  readonly created: number;
  readonly description: string | null;
  readonly display_name: string;
  /** Set for rates that were made by computing a tax. */
  readonly effective_percentage: number | null;
  readonly flat_amount: null;
  readonly inclusive: boolean;
  readonly jurisdiction: string | null;
  readonly jurisdiction_level: 'country' | 'state' | null;
  readonly livemode: false;
  readonly metadata: Metadata;
  readonly percentage: number;
  readonly rate_type: 'percentage';
  readonly state: string | null;
  readonly tax_type: ReturnType<typeof taxType> | null;
}

const writable = {
  active: boolean,
  country: clearable(text(2)),
  description: clearable(text()),
  display_name: text(50),
  jurisdiction: clearable(text(50)),
  metadata,
  state: clearable(text(3)),
  tax_type: taxType,
};

export const taxRateRoutes: readonly Route[] = [
  route('POST', '/v1/tax_rates', { ...writable, inclusive: boolean, percentage }, (call, params) => {
    const rate = call.store.put('tax_rates', {
      id: newId('txr'),
      object: 'tax_rate',
      active: params.active ?? true,
      country: params.country ?? null,
      created: call.now,
      description: params.description ?? null,
      display_name: required(params.display_name, 'display_name'),
      effective_percentage: null,
      flat_amount: null,
      inclusive: required(params.inclusive, 'inclusive'),
      jurisdiction: params.jurisdiction ?? null,
      jurisdiction_level: null,
      livemode: false,
      metadata: mergeMetadata({}, params.metadata),
      percentage: required(params.percentage, 'percentage'),
      rate_type: 'percentage',
      state: params.state ?? null,
      tax_type: params.tax_type ?? null,
    });
    call.emit('tax_rate.created', rate);
    return rate;
  }),

  route('GET', '/v1/tax_rates/{id}', {}, (call, _params, id) => taxRateOf(call, id)),

  route('POST', '/v1/tax_rates/{id}', writable, (call, params, id) => {
    const before = taxRateOf(call, id);
    const { metadata: change, ...fields } = params;
    const rate = call.store.put('tax_rates', {
      ...before,
      ...fields,
      metadata: mergeMetadata(before.metadata, change),
    });
    call.emit('tax_rate.updated', rate, previousOf(before, rate));
    return rate;
  }),

  listRoute(
    '/v1/tax_rates',
    'tax_rate',
    { active: boolean, created: createdFilter, inclusive: boolean },
    (call, params) =>
      call.store
        .all('tax_rates')
        .filter((rate) => rate.active === (params.active ?? rate.active))
        .filter((rate) => rate.inclusive === (params.inclusive ?? rate.inclusive))
        .filter((rate) => params.created?.(rate.created) ?? true),
  ),
];

function taxRateOf(call: Call, id: string): TaxRate {
  const rate = call.store.get('tax_rates', id);
  if (rate === undefined) throw noSuch('tax rate', id, 'id');
  return rate;
}
