import { waitUntil } from './due.js';
import { authenticationUrl } from './next-action.js';
import { attemptPayment, createPaymentIntent, type PaymentIntent } from './payment-intent.js';
import { createCardPaymentMethod } from './payment-method.js';
import { priceAmounts } from './price-amounts.js';
import { priceOf, renderPrice, type Price } from './price.js';
import { productOf } from './product.js';
import { confirmSetupIntent, createSetupIntent } from './setup-intent.js';
import type { AcceptedCard } from '../cards/card-entry.js';
import type { Metadata } from '../http/metadata.js';
import { invalidRequest } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';

/** What stays as it is for a hosted page. */
const untouched = {
  adaptive_pricing: null,
  after_expiration: null,
  allow_promotion_codes: null,
  automatic_tax: { enabled: false, liability: null, provider: null, status: null },
  billing_address_collection: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
  customer_account: null,
  customer_creation: null,
  discounts: null,
  integration_identifier: null,
  invoice: null,
  invoice_creation: null,
  livemode: false,
  locale: null,
  managed_payments: null,
  origin_context: null,
  payment_link: null,
  payment_method_collection: null,
  payment_method_configuration_details: null,
  payment_method_options: {},
  payment_method_types: ['card'],
  permissions: null,
  recovered_from: null,
  saved_payment_method_options: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  submit_type: null,
  subscription: null,
  total_details: null,
  ui_mode: 'hosted_page',
  wallet_options: null,
} as const;

export type CheckoutSession = typeof untouched & {
  readonly id: string;
  readonly object: 'checkout.session';
  readonly allowed_payment_method_types: readonly string[] | null;
  readonly amount_subtotal: number | null;
  readonly amount_total: number | null;
  readonly cancel_url: string | null;
  readonly client_reference_id: string | null;
  readonly created: number;
  readonly currency: string | null;
  readonly customer: string | null;
  readonly customer_details: object | null;
  readonly customer_email: string | null;
  readonly expires_at: number;
  readonly metadata: Metadata;
  readonly mode: 'payment' | 'setup';
  readonly payment_intent: string | null;
  readonly payment_status: 'no_payment_required' | 'paid' | 'unpaid';
  readonly setup_intent: string | null;
  readonly status: 'complete' | 'expired' | 'open';
  readonly success_url: string;
  readonly url: string | null;
};

export type NewCheckoutSession = Pick<
  CheckoutSession,
  | 'allowed_payment_method_types'
  | 'cancel_url'
  | 'client_reference_id'
  | 'currency'
  | 'customer'
  | 'customer_email'
  | 'metadata'
  | 'mode'
  | 'success_url'
> & {
  /** Of the intent, whether it saves a card or takes money. */
  readonly intentDescription: string | null;
  readonly intentMetadata: Metadata;
  /** What is bought, in payment mode. */
  readonly lines: readonly { readonly price: Price; readonly quantity: number }[];
};

/** As stored: with the id of its price. */
export interface CheckoutLine {
  readonly id: string;
  readonly session: string;
  readonly amount: number;
  readonly currency: string;
  readonly description: string;
  readonly price: string;
  readonly quantity: number;
}

/** What the payment intent of a session in payment mode is to say, which nobody sees before somebody pays. */
export interface CheckoutIntent {
  /** Of its session. */
  readonly id: string;
  readonly description: string | null;
  readonly metadata: Metadata;
}

const lifetimeSeconds = 24 * 3600;

export function createCheckoutSession(call: Call, request: NewCheckoutSession): CheckoutSession {
  const { intentDescription, intentMetadata, lines, ...fields } = request;
  const isSetup = fields.mode === 'setup';
  const intent = isSetup
    ? createSetupIntent(call, {
        customer: fields.customer,
        description: intentDescription,
        metadata: intentMetadata,
        payment_method: null,
        usage: 'off_session',
      })
    : undefined;
  const id = newId('cs_test', 58);
  const amounts = lines.map(({ price, quantity }) => {
    const amount = priceAmounts(price, String(quantity)).reduce((sum, line) => sum + line.amount, 0);
    call.store.put('checkout_lines', {
      id: newId('li'),
      session: id,
      amount,
      currency: price.currency,
      description: productOf(call, price.product).name,
      price: price.id,
      quantity,
    });
    return amount;
  });
  const total = isSetup ? null : amounts.reduce((sum, amount) => sum + amount, 0);
  if (!isSetup) {
    call.store.put('checkout_intents', { id, description: intentDescription, metadata: intentMetadata });
  }
  waitUntil(call, 'checkout', { id, test_clock: null }, call.now + lifetimeSeconds);
  return call.store.put('checkout_sessions', {
    ...untouched,
    ...fields,
    id,
    object: 'checkout.session',
    amount_subtotal: total,
    amount_total: total,
    created: call.now,
    customer_details: null,
    expires_at: call.now + lifetimeSeconds,
    payment_intent: null,
    payment_status: isSetup ? 'no_payment_required' : 'unpaid',
    setup_intent: intent?.id ?? null,
    status: 'open',
    url: `${call.baseUrl}/c/pay/${id}`,
  });
}

/** What is bought, in the order of the request. */
export function checkoutLinesOf(call: Call, sessionId: string): CheckoutLine[] {
  return call.store.childrenOf('checkout_lines', sessionId).reverse();
}

export function renderCheckoutLine(call: Call, line: CheckoutLine): object {
  return {
    id: line.id,
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: line.amount,
    amount_tax: 0,
    amount_total: line.amount,
    currency: line.currency,
    description: line.description,
    metadata: {},
    price: renderPrice(priceOf(call, line.price)),
    quantity: line.quantity,
  };
}

/** An open one expires after a day. */
export function advanceCheckout(call: Call, id: string): void {
  const session = call.store.get('checkout_sessions', id);
  if (session?.status === 'open') expireSession(call, session);
}

/** Nobody can go through the page any more. */
export function expireSession(call: Call, session: CheckoutSession): CheckoutSession {
  if (session.status !== 'open') {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
    );
  }
  const expired = call.store.put('checkout_sessions', { ...session, status: 'expired', url: null });
  call.emit('checkout.session.expired', expired);
  return expired;
}

/**
 * Saves or charges the card that a person entered on the hosted page; a refused card is thrown, and the session stays
 * open. Also while the cardholder is asked, which the second result says where.
 */
export function submitCheckoutSession(
  call: Call,
  session: CheckoutSession,
  accepted: AcceptedCard,
): { readonly session: CheckoutSession; readonly askAt: string | null } {
  if (session.status !== 'open') throw invalidRequest(`This Checkout Session is ${session.status}.`);
  const method = createCardPaymentMethod(call, accepted);
  const returnUrl = `${call.baseUrl}/c/pay/${session.id}`;
  if (session.setup_intent !== null) {
    const intent = call.store.get('setup_intents', session.setup_intent)!;
    if (confirmSetupIntent(call, intent, method, { returnUrl }).status === 'requires_action') {
      return { session, askAt: authenticationUrl(call, intent.id) };
    }
    return { session: completeSession(call, session, accepted.name), askAt: null };
  }
  const intent = paymentIntentFor(call, session);
  const paying = call.store.put('checkout_sessions', { ...session, payment_intent: intent.id });
  const outcome = attemptPayment(call, intent, method, { returnUrl });
  if (outcome.status === 'declined') throw outcome.fault;
  if (outcome.status === 'requires_action') return { session: paying, askAt: authenticationUrl(call, intent.id) };
  return { session: completeSession(call, paying, accepted.name), askAt: null };
}

/** The session once its cardholder has answered: complete if the card was saved or charged. */
export function afterAuthentication(call: Call, session: CheckoutSession): CheckoutSession {
  const setup = session.setup_intent === null ? undefined : call.store.get('setup_intents', session.setup_intent);
  const payment =
    session.payment_intent === null ? undefined : call.store.get('payment_intents', session.payment_intent);
  const done = (setup ?? payment)?.status === 'succeeded';
  return session.status === 'open' && done ? completeSession(call, session, null) : session;
}

function paymentIntentFor(call: Call, session: CheckoutSession): PaymentIntent {
  const existing =
    session.payment_intent === null ? undefined : call.store.get('payment_intents', session.payment_intent);
  if (existing) return existing;
  const wanted = call.store.get('checkout_intents', session.id);
  return createPaymentIntent(call, {
    amount: session.amount_total!,
    currency: session.currency!,
    customer: session.customer,
    description: wanted?.description ?? null,
    metadata: wanted?.metadata ?? {},
  });
}

function completeSession(call: Call, session: CheckoutSession, name: string | null): CheckoutSession {
  const customer = session.customer === null ? undefined : call.store.get('customers', session.customer);
  const complete = call.store.put('checkout_sessions', {
    ...session,
    customer_details: {
      address: null,
      business_name: null,
      email: customer?.email ?? session.customer_email,
      individual_name: null,
      name,
      phone: null,
      tax_exempt: 'none',
      tax_ids: [],
    },
    payment_status: session.mode === 'setup' ? 'no_payment_required' : 'paid',
    status: 'complete',
    url: null,
  });
  call.emit('checkout.session.completed', complete);
  return complete;
}

/** Where the browser goes after success. */
export function successUrlOf(session: CheckoutSession): string {
  return session.success_url.replaceAll('{CHECKOUT_SESSION_ID}', session.id);
}
