import { mergeMetadata, metadata, type MetadataChange } from '../http/metadata.js';
import { clearable, hash, integer, oneOf, required, text, type Params } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { address, emptyAddress } from './address.js';
import { customerOf } from './customer.js';
import {
  attachPaymentMethod,
  detachPaymentMethod,
  paymentMethodOfToken,
  type PaymentMethod,
} from './payment-method.js';
import { previousOf } from './previous-attributes.js';

const type = oneOf('card');
const billingFields = {
  address: clearable(address),
  email: clearable(text(512)),
  name: clearable(text()),
  phone: clearable(text()),
};
const billingDetails = hash(billingFields);

export const paymentMethodRoutes: readonly Route[] = [
  listRoute('/v1/customers/{id}/payment_methods', 'PaymentMethod', { type }, (call, _params, id) =>
    call.store.childrenOf('payment_methods', customerOf(call, id, 'id').id),
  ),

  listRoute('/v1/payment_methods', 'PaymentMethod', { customer: text(), type }, (call, params) =>
    params.customer === undefined
      ? call.store.all('payment_methods')
      : call.store.childrenOf('payment_methods', customerOf(call, params.customer, 'customer').id),
  ),

  route(
    'POST',
    '/v1/payment_methods',
    { billing_details: billingDetails, card: hash({ token: text() }), metadata, type },
    (call, params) => {
      required(params.type, 'type');
      const token = required(params.card?.token, 'card[token]');
      const method = paymentMethodOfToken(call, token);
      if (method === undefined || !token.startsWith('tok_')) throw noSuch('token', token, 'card[token]');
      const { card: _card, type: _type, ...fields } = params;
      return changed(call, method, fields);
    },
  ),

  route(
    'POST',
    '/v1/payment_methods/{id}',
    {
      allow_redisplay: oneOf('always', 'limited', 'unspecified'),
      billing_details: billingDetails,
      card: hash({ exp_month: integer, exp_year: integer }),
      metadata,
    },
    (call, params, id) => {
      const before = existing(call, id);
      if (before.customer === null) {
        throw invalidRequest('You must save this PaymentMethod to a customer before you can update it.');
      }
      const month = params.card?.exp_month ?? before.card.exp_month;
      if (month < 1 || month > 12) throw invalidRequest('Invalid expiration month', 'card[exp_month]');
      const method = changed(call, before, params);
      call.emit('payment_method.updated', method, previousOf(before, method));
      return method;
    },
  ),

  route('GET', '/v1/payment_methods/{id}', {}, (call, _params, id) => existing(call, id)),

  route('POST', '/v1/payment_methods/{id}/attach', { customer: text() }, (call, params, id) =>
    attachPaymentMethod(call, id, required(params.customer, 'customer'), 'payment_method'),
  ),

  route('POST', '/v1/payment_methods/{id}/detach', {}, (call, _params, id) =>
    detachPaymentMethod(call, existing(call, id)),
  ),
];

interface Changes {
  readonly allow_redisplay?: PaymentMethod['allow_redisplay'];
  readonly billing_details?: Params<typeof billingFields>;
  readonly card?: { readonly exp_month?: number; readonly exp_year?: number };
  readonly metadata?: MetadataChange;
}

function changed(call: Call, method: PaymentMethod, changes: Changes): PaymentMethod {
  const { card, billing_details: billing } = changes;
  const { address, ...contact } = billing ?? {};
  return call.store.put('payment_methods', {
    ...method,
    allow_redisplay: changes.allow_redisplay ?? method.allow_redisplay,
    billing_details: {
      ...method.billing_details,
      ...contact,
      ...(address !== undefined && { address: address && { ...emptyAddress, ...address } }),
    },
    card: {
      ...method.card,
      exp_month: card?.exp_month ?? method.card.exp_month,
      exp_year: card?.exp_year ?? method.card.exp_year,
    },
    metadata: mergeMetadata(method.metadata, changes.metadata),
  });
}

function existing(call: Call, id: string): PaymentMethod {
  const method = call.store.get('payment_methods', id);
  if (method === undefined) throw noSuch('PaymentMethod', id, 'id');
  return method;
}
