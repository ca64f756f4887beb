import { mergeMetadata, metadata } from '../http/metadata.js';
import { clearable, hash, oneOf, text, type Params } from '../http/params.js';
import { createdFilter } from '../http/pagination.js';
import { listRoute, route, type Route } from '../http/route.js';
import { noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { blankCustomer, customerOf, type Address, type Customer } from './customer.js';
import { previousOf } from './previous-attributes.js';
import { attachPaymentMethod, detachPaymentMethod, paymentMethodOfCustomer } from './payment-method.js';

const line = clearable(text());
const writable = {
  address: clearable(hash({ city: line, country: line, line1: line, line2: line, postal_code: line, state: line })),
  description: line,
  email: clearable(text(512)),
  invoice_settings: hash({ default_payment_method: clearable(text()), footer: line }),
  metadata,
  name: clearable(text(256)),
  phone: line,
  tax_exempt: oneOf('exempt', 'none', 'reverse'),
};

export const customerRoutes: readonly Route[] = [
  route('POST', '/v1/customers', { ...writable, payment_method: text() }, (call, { payment_method, ...params }) => {
    const blank = call.store.put('customers', blankCustomer(call.now));
    if (payment_method !== undefined) attachPaymentMethod(call, payment_method, blank.id, 'payment_method');
    const customer = call.store.put('customers', changed(call, blank, params));
    call.emit('customer.created', customer);
    return customer;
  }),

  route('GET', '/v1/customers/{id}', {}, (call, _params, id) => {
    const customer = call.store.get('customers', id) ?? call.store.get('deleted_customers', id);
    if (customer === undefined) throw noSuch('customer', id, 'id');
    return customer;
  }),

  route('POST', '/v1/customers/{id}', writable, (call, params, id) => {
    const before = customerOf(call, id, 'id');
    const customer = call.store.put('customers', changed(call, before, params));
    call.emit('customer.updated', customer, previousOf(before, customer));
    return customer;
  }),

  listRoute('/v1/customers', 'customer', { created: createdFilter, email: text(512) }, (call, params) =>
    call.store
      .all('customers')
      .filter((customer) => params.email === undefined || customer.email === params.email)
      .filter((customer) => params.created?.(customer.created) ?? true),
  ),

  route('DELETE', '/v1/customers/{id}', {}, (call, _params, id) => {
    const customer = customerOf(call, id, 'id');
    for (const method of call.store.childrenOf('payment_methods', id)) detachPaymentMethod(call, method);
    call.store.delete('customers', id);
    call.emit('customer.deleted', customer);
    return call.store.put('deleted_customers', { id, object: 'customer', deleted: true });
  }),
];

function changed(call: Call, customer: Customer, params: Params<typeof writable>): Customer {
  const { address, invoice_settings: settings, metadata: change, ...plain } = params;
  const defaultMethod = settings?.default_payment_method;
  if (typeof defaultMethod === 'string') {
    paymentMethodOfCustomer(call, defaultMethod, customer.id, 'invoice_settings[default_payment_method]');
  }
  return {
    ...customer,
    ...plain,
    ...(address !== undefined && { address: address && { ...emptyAddress, ...address } }),
    invoice_settings: { ...customer.invoice_settings, ...settings },
    metadata: mergeMetadata(customer.metadata, change),
  };
}

const emptyAddress: Address = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };
