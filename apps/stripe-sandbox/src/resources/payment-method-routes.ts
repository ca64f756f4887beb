import { required, oneOf, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { customerOf } from './customer.js';
import { attachPaymentMethod, detachPaymentMethod, type PaymentMethod } from './payment-method.js';

const type = oneOf('card');

export const paymentMethodRoutes: readonly Route[] = [
  listRoute('/v1/customers/{id}/payment_methods', 'PaymentMethod', { type }, (call, _params, id) =>
    call.store.childrenOf('payment_methods', customerOf(call, id, 'id').id),
  ),

  listRoute('/v1/payment_methods', 'PaymentMethod', { customer: text(), type }, (call, params) =>
    params.customer === undefined
      ? call.store.all('payment_methods')
      : call.store.childrenOf('payment_methods', customerOf(call, params.customer, 'customer').id),
  ),

  route('GET', '/v1/payment_methods/{id}', {}, (call, _params, id) => existing(call, id)),

  route('POST', '/v1/payment_methods/{id}/attach', { customer: text() }, (call, params, id) =>
    attachPaymentMethod(call, id, required(params.customer, 'customer'), 'payment_method'),
  ),

  route('POST', '/v1/payment_methods/{id}/detach', {}, (call, _params, id) =>
    detachPaymentMethod(call, existing(call, id)),
  ),
];

function existing(call: Call, id: string): PaymentMethod {
  const method = call.store.get('payment_methods', id);
  if (method === undefined) throw noSuch('PaymentMethod', id, 'id');
  return method;
}
