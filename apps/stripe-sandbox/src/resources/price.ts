import type { Metadata } from '../http/metadata.js';
import { noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';

export interface Tier {
  readonly flat_amount: number | null;
  readonly flat_amount_decimal: string | null;
  readonly unit_amount: number | null;
  readonly unit_amount_decimal: string | null;
  /** The last quantity of the tier; null in the last tier, which has no end. */
  readonly up_to: number | null;
}

export type Interval = 'day' | 'month' | 'week' | 'year';

export interface Recurring {
  readonly interval: Interval;
  readonly interval_count: number;
  readonly meter: string | null;
  readonly trial_period_days: null;
  readonly usage_type: 'licensed' | 'metered';
}

/** As stored: with its tiers, which are shown only when they are asked for. */
export interface Price {
  readonly id: string;
  readonly object: 'price';
  readonly active: boolean;
  readonly billing_scheme: 'per_unit' | 'tiered';
  readonly created: number;
  readonly currency: string;
  readonly custom_unit_amount: null;
  readonly livemode: false;
  readonly lookup_key: string | null;
  readonly metadata: Metadata;
  readonly nickname: string | null;
  readonly product: string;
  readonly recurring: Recurring | null;
  readonly tax_behavior: 'exclusive' | 'inclusive' | 'unspecified';
  readonly tiers: readonly Tier[] | null;
  readonly tiers_mode: 'graduated' | 'volume' | null;
  readonly transform_quantity: { readonly divide_by: number; readonly round: 'down' | 'up' } | null;
  readonly type: 'one_time' | 'recurring';
  readonly unit_amount: number | null;
  readonly unit_amount_decimal: string | null;
}

export type NewPrice = Omit<Price, 'created' | 'custom_unit_amount' | 'id' | 'livemode' | 'object' | 'type'>;

export function createPrice(call: Call, fields: NewPrice): Price {
  const price = call.store.put('prices', {
    ...fields,
    id: newId('price'),
    object: 'price',
    created: call.now,
    custom_unit_amount: null,
    livemode: false,
    type: fields.recurring === null ? 'one_time' : 'recurring',
  });
  call.emit('price.created', renderPrice(price));
  return price;
}

/** The price as Stripe answers it: tiers come only with `expand`. */
export function renderPrice({ tiers: _tiers, ...price }: Price): object {
  return price;
}

export function priceOf(call: Call, id: string, param = 'id'): Price {
  const price = call.store.get('prices', id);
  if (price === undefined) throw noSuch('price', id, param);
  return price;
}
