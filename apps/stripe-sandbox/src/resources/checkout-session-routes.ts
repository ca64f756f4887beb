import { mergeMetadata, metadata } from '../http/metadata.js';
import { hash, list, missingParam, oneOf, required, text, type ParamReader } from '../http/params.js';
import { route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import { createCheckoutSession, currentSession } from './checkout-session.js';
import { currency } from './currency.js';
import { customerOf } from './customer.js';

/** Only web addresses: the page sends the browser there. */
const webAddress: ParamReader<string> = (node, path) => {
  const value = text()(node, path);
  const url = URL.parse(value);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw invalidRequest('Not a valid URL', path, 'url_invalid');
  return value;
};

const readers = {
  allowed_payment_method_types: list(oneOf('card')),
  cancel_url: webAddress,
  client_reference_id: text(200),
  currency,
  customer: text(),
  customer_email: text(512),
  metadata,
  mode: oneOf('payment', 'setup', 'subscription'),
  setup_intent_data: hash({ description: text(), metadata }),
  success_url: webAddress,
  ui_mode: oneOf('hosted_page'),
};

export const checkoutSessionRoutes: readonly Route[] = [
  route('POST', '/v1/checkout/sessions', readers, (call, params) => {
    if (required(params.mode, 'mode') !== 'setup') {
      throw invalidRequest('This simulation of Stripe has Checkout in setup mode only.', 'mode');
    }
    if (params.currency === undefined && params.allowed_payment_method_types === undefined) {
      throw missingParam('currency');
    }
    return createCheckoutSession(call, {
      allowed_payment_method_types: params.allowed_payment_method_types ?? null,
      cancel_url: params.cancel_url ?? null,
      client_reference_id: params.client_reference_id ?? null,
      currency: params.currency ?? null,
      customer: params.customer === undefined ? null : customerOf(call, params.customer, 'customer').id,
      customer_email: params.customer_email ?? null,
      intentDescription: params.setup_intent_data?.description ?? null,
      intentMetadata: mergeMetadata({}, params.setup_intent_data?.metadata),
      metadata: mergeMetadata({}, params.metadata),
      success_url: required(params.success_url, 'success_url'),
    });
  }),

  route('GET', '/v1/checkout/sessions/{id}', {}, (call, _params, id) => {
    const session = currentSession(call, id);
    if (session === undefined) throw noSuch('checkout.session', id, 'id');
    return session;
  }),
];
