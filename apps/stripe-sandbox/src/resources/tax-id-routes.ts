import { required, text, type ParamReader } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { customerOf } from './customer.js';

export interface TaxId {
  readonly id: string;
  readonly object: 'tax_id';
  readonly country: string | null;
  readonly created: number;
  readonly customer: string;
  readonly customer_account: null;
  readonly livemode: false;
  readonly owner: { readonly customer: string; readonly customer_account: null; readonly type: 'customer' };
  readonly type: string;
  readonly value: string;
  readonly verification: {
    readonly status: 'pending' | 'unavailable' | 'unverified' | 'verified';
    readonly verified_address: string | null;
    readonly verified_name: string | null;
  };
}

const path = '/v1/customers/{id}/tax_ids';
const maximumTaxIds = 5;

/** The kinds of tax ids whose form is checked; the number decides how the check ends, as in Stripe's test mode. */
const forms: Readonly<Record<string, RegExp>> = {
  ae_trn: /^\d{15}$/,
  au_abn: /^\d{11}$/,
  br_cnpj: /^\d{2}\.?\d{3}\.?\d{3}\/?\d{4}-?\d{2}$/,
  ca_bn: /^\d{9}$/,
  ch_vat: /^CHE-?\d{3}\.?\d{3}\.?\d{3} ?(MWST|TVA|IVA)$/,
  eu_vat: /^[A-Z]{2}[0-9A-Z]{2,12}$/,
  gb_vat: /^(GB)?(\d{9}|\d{12})$/,
  in_gst: /^\d{2}[A-Z]{5}\d{4}[A-Z]\w{3}$/,
  jp_cn: /^\d{13}$/,
  no_vat: /^\d{9}MVA$/,
  nz_gst: /^\d{9}$/,
  sg_gst: /^[A-Z]\d{8}[A-Z]$/,
  us_ein: /^\d{2}-?\d{7}$/,
};

const taxIdType: ParamReader<string> = (node, name) => {
  const value = text()(node, name);
  if (Object.hasOwn(forms, value)) return value;
  throw invalidRequest(`Invalid ${name}: this simulation knows ${Object.keys(forms).join(', ')}`, name);
};

export const taxIdRoutes: readonly Route[] = [
  route('POST', path, { type: taxIdType, value: text(200) }, (call, params, id) => {
    const customer = customerOf(call, id, 'id');
    const type = required(params.type, 'type');
    const value = required(params.value, 'value');
    if (!forms[type]!.test(value)) throw invalidRequest(`Invalid value for ${type}.`, 'value', 'tax_id_invalid');
    const others = call.store.childrenOf('tax_ids', id);
    if (others.length >= maximumTaxIds) {
      throw invalidRequest(`A customer can have at most ${maximumTaxIds} tax ids.`, 'type');
    }
    const taxId = call.store.put('tax_ids', {
      id: newId('txi'),
      object: 'tax_id',
      country: type === 'eu_vat' ? value.slice(0, 2) : type.slice(0, 2).toUpperCase(),
      created: call.now,
      customer: customer.id,
      customer_account: null,
      livemode: false,
      owner: { customer: customer.id, customer_account: null, type: 'customer' },
      type,
      value,
      verification: { status: 'pending', verified_address: null, verified_name: null },
    });
    call.emit('customer.tax_id.created', taxId);
    return taxId;
  }),

  route('GET', `${path}/{id}`, {}, (call, _params, customerId, id) => existing(call, customerId, id)),

  route('DELETE', `${path}/{id}`, {}, (call, _params, customerId, id) => {
    const taxId = existing(call, customerId, id);
    call.store.delete('tax_ids', id);
    call.emit('customer.tax_id.deleted', taxId);
    return { id, object: 'tax_id', deleted: true };
  }),

  listRoute(path, 'tax_id', {}, (call, _params, id) => call.store.childrenOf('tax_ids', customerOf(call, id, 'id').id)),
];

function existing(call: Call, customerId: string, id: string): TaxId {
  const taxId = call.store.get('tax_ids', id);
  if (taxId?.customer === customerId) return taxId;
  throw noSuch('tax_id', id, 'id');
}
