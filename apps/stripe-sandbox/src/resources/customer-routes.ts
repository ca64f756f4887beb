import { mergeMetadata, metadata } from '../http/metadata.js';
import { clearable, hash, oneOf, text, type ParamReader, type Params } from '../http/params.js';
import { createdFilter } from '../http/pagination.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { address, emptyAddress } from './address.js';
import { blankCustomer, customerOf, type Customer } from './customer.js';
import { previousOf } from './previous-attributes.js';
import { attachPaymentMethod, attachSource, detachPaymentMethod, paymentMethodOfCustomer } from './payment-method.js';
import { endWithCustomer } from './subscription-end.js';
import { refuseFourthCustomer, testClockOf } from './test-clock.js';

const line = clearable(text());

const email: ParamReader<string> = (node, path) => {
  const value = text(512)(node, path);
  if (/^[^\s@]+@[^\s@]+$/.test(value)) return value;
  throw invalidRequest(`Invalid email address: ${value}`, path, 'email_invalid');
};

const writable = {
  address: clearable(address),
  description: line,
  email: clearable(email),
  invoice_settings: hash({ default_payment_method: clearable(text()), footer: line }),
  metadata,
  name: clearable(text(256)),
  phone: clearable(text(20)),
  tax_exempt: oneOf('exempt', 'none', 'reverse'),
};

const createReaders = { ...writable, payment_method: text(), source: text(), test_clock: text() };

export const customerRoutes: readonly Route[] = [
  route('POST', '/v1/customers', createReaders, (call, { payment_method, source, test_clock, ...params }) => {
    const clock = test_clock === undefined ? undefined : testClockOf(call, test_clock, 'test_clock');
    if (clock) refuseFourthCustomer(call, clock);
    const created = clock?.frozen_time ?? call.now;
    const blank = call.store.put('customers', { ...blankCustomer(created), test_clock: clock?.id ?? null });
    if (payment_method !== undefined) attachPaymentMethod(call, payment_method, blank.id, 'payment_method');
    if (source !== undefined) attachSource(call, source, blank.id);
    const customer = call.store.put('customers', changed(call, customerOf(call, blank.id, 'id'), params));
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

  listRoute(
    '/v1/customers',
    'customer',
    { created: createdFilter, email: text(512), test_clock: text() },
    (call, params) =>
      call.store
        .all('customers')
        .filter((customer) => customer.test_clock === (params.test_clock ?? null))
        .filter((customer) => params.email === undefined || customer.email === params.email)
        .filter((customer) => params.created?.(customer.created) ?? true),
  ),

  route('DELETE', '/v1/customers/{id}', {}, (call, _params, id) => {
    const customer = customerOf(call, id, 'id');
    for (const subscription of call.store.childrenOf('subscriptions', id)) endWithCustomer(call, subscription);
    for (const method of call.store.childrenOf('payment_methods', id)) detachPaymentMethod(call, method);
    call.store.delete('customers', id);
    call.emit('customer.deleted', customer);
    return call.store.put('deleted_customers', { id, object: 'customer', deleted: true });
  }),
];

function changed(call: Call, customer: Customer, params: Params<typeof writable>): Customer {
  const { address: place, invoice_settings: settings, metadata: change, ...plain } = params;
  const defaultMethod = settings?.default_payment_method;
  const method =
    typeof defaultMethod === 'string'
      ? paymentMethodOfCustomer(call, defaultMethod, customer.id, 'invoice_settings[default_payment_method]').id
      : defaultMethod;
  return {
    ...customer,
    ...plain,
    ...(place !== undefined && { address: place && { ...emptyAddress, ...place } }),
    invoice_settings: {
      ...customer.invoice_settings,
      ...settings,
      ...(method !== undefined && { default_payment_method: method }),
    },
    metadata: mergeMetadata(customer.metadata, change),
  };
}
