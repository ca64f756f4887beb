import { mergeMetadata, metadata } from '../http/metadata.js';
import { createdFilter } from '../http/pagination.js';
import { hash, integer, list, missingParam, oneOf, required, text, webAddress, type Params } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import {
  checkoutLinesOf,
  createCheckoutSession,
  expireSession,
  renderCheckoutLine,
  type CheckoutSession,
  type NewCheckoutSession,
} from './checkout-session.js';
import { currency, formatAmount, minimumCharge, refuseTooMuch } from './currency.js';
import { customerOf } from './customer.js';
import { createPrice, priceOf, type Price } from './price.js';
import { inlineProduct, productOf } from './product.js';
import { priceAmounts } from './price-amounts.js';

const priceData = hash({
  currency,
  product: text(),
  product_data: hash({ metadata, name: text(250) }),
  unit_amount: integer,
});

const readers = {
  allowed_payment_method_types: list(oneOf('card')),
  cancel_url: webAddress,
  client_reference_id: text(200),
  currency,
  customer: text(),
  customer_email: text(512),
  metadata,
  line_items: list(hash({ price: text(), price_data: priceData, quantity: integer })),
  mode: oneOf('payment', 'setup', 'subscription'),
  payment_intent_data: hash({ description: text(1000), metadata }),
  setup_intent_data: hash({ description: text(1000), metadata }),
  success_url: webAddress,
  ui_mode: oneOf('hosted_page'),
};

export const checkoutSessionRoutes: readonly Route[] = [
  route('POST', '/v1/checkout/sessions', readers, (call, params) => {
    const mode = required(params.mode, 'mode');
    if (mode === 'subscription') {
      throw invalidRequest('This simulation of Stripe has Checkout in setup and payment mode only.', 'mode');
    }
    if (mode === 'setup' && params.currency === undefined && params.allowed_payment_method_types === undefined) {
      throw missingParam('currency');
    }
    const intentParam = mode === 'payment' ? 'payment_intent_data' : 'setup_intent_data';
    const otherParam = mode === 'payment' ? 'setup_intent_data' : 'payment_intent_data';
    if (params[otherParam] !== undefined) {
      throw invalidRequest(`You can not pass \`${otherParam}\` in \`${mode}\` mode.`, otherParam);
    }
    const lines = mode === 'payment' ? linesFrom(call, params) : [];
    return createCheckoutSession(call, {
      allowed_payment_method_types: params.allowed_payment_method_types ?? null,
      cancel_url: params.cancel_url ?? null,
      client_reference_id: params.client_reference_id ?? null,
      currency: lines[0]?.price.currency ?? params.currency ?? null,
      customer: params.customer === undefined ? null : customerOf(call, params.customer, 'customer').id,
      customer_email: params.customer_email ?? null,
      intentDescription: params[intentParam]?.description ?? null,
      intentMetadata: mergeMetadata({}, params[intentParam]?.metadata),
      lines,
      metadata: mergeMetadata({}, params.metadata),
      mode,
      success_url: required(params.success_url, 'success_url'),
    });
  }),

  route('GET', '/v1/checkout/sessions/{id}', {}, (call, _params, id) => existing(call, id)),

  route('POST', '/v1/checkout/sessions/{id}/expire', {}, (call, _params, id) =>
    expireSession(call, existing(call, id)),
  ),

  listRoute(
    '/v1/checkout/sessions/{id}/line_items',
    'item',
    {},
    (call, _params, id) => checkoutLinesOf(call, existing(call, id).id),
    renderCheckoutLine,
  ),

  listRoute(
    '/v1/checkout/sessions',
    'checkout.session',
    {
      created: createdFilter,
      customer: text(),
      payment_intent: text(),
      status: oneOf('complete', 'expired', 'open'),
    },
    (call, params) =>
      call.store
        .all('checkout_sessions')
        .filter((session) => session.customer === (params.customer ?? session.customer))
        .filter((session) => session.payment_intent === (params.payment_intent ?? session.payment_intent))
        .filter((session) => session.status === (params.status ?? session.status))
        .filter((session) => params.created?.(session.created) ?? true),
  ),
];

function existing(call: Call, id: string): CheckoutSession {
  const session = call.store.get('checkout_sessions', id);
  if (session === undefined) throw noSuch('checkout.session', id, 'id');
  return session;
}

function linesFrom(call: Call, params: Params<typeof readers>): NewCheckoutSession['lines'] {
  const lines = required(params.line_items, 'line_items').map((line, index) => {
    const name = `line_items[${index}]`;
    const price =
      line.price_data === undefined
        ? priceOf(call, required(line.price, `${name}[price]`), `${name}[price]`)
        : inlinePrice(call, line.price_data, `${name}[price_data]`);
    if (line.price_data !== undefined && line.price !== undefined) {
      throw invalidRequest('You may only specify one of these parameters: price, price_data.', name);
    }
    if (price.recurring !== null) {
      throw invalidRequest('You specified `payment` mode but passed a recurring price.', name);
    }
    const quantity = required(line.quantity, `${name}[quantity]`);
    if (quantity < 1) throw invalidRequest('Invalid positive integer', `${name}[quantity]`);
    return { price, quantity };
  });
  const code = lines[0]?.price.currency;
  if (code === undefined) throw missingParam('line_items');
  if (lines.some(({ price }) => price.currency !== code)) {
    throw invalidRequest('All prices must have the same currency.', 'line_items');
  }
  const total = lines
    .flatMap(({ price, quantity }) => priceAmounts(price, String(quantity)))
    .reduce((sum, { amount }) => sum + amount, 0);
  const least = minimumCharge(code);
  if (total < least) {
    throw invalidRequest(`The total must be at least ${formatAmount(least, code)}.`, 'line_items', 'amount_too_small');
  }
  refuseTooMuch(total, code, 'line_items');
  return lines;
}

/** A price for one session only, which nothing else can use. */
function inlinePrice(
  call: Call,
  data: Params<{ readonly data: typeof priceData }>['data'] & object,
  name: string,
): Price {
  const amount = required(data.unit_amount, `${name}[unit_amount]`);
  if (amount < 0) throw invalidRequest('This value must be greater than or equal to 0.', `${name}[unit_amount]`);
  return createPrice(call, {
    active: false,
    billing_scheme: 'per_unit',
    currency: required(data.currency, `${name}[currency]`),
    lookup_key: null,
    metadata: {},
    nickname: null,
    product:
      data.product === undefined
        ? inlineProduct(call, required(data.product_data, `${name}[product_data]`), `${name}[product_data]`).id
        : productOf(call, data.product, `${name}[product]`).id,
    recurring: null,
    tax_behavior: 'unspecified',
    tiers: null,
    tiers_mode: null,
    transform_quantity: null,
    unit_amount: amount,
    unit_amount_decimal: String(amount),
  });
}
