import { createCardPaymentMethod } from './payment-method.js';
import { confirmSetupIntent, createSetupIntent } from './setup-intent.js';
import type { AcceptedCard } from '../cards/card-entry.js';
import type { Metadata } from '../http/metadata.js';
import { invalidRequest } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';

/** What stays as it is for a hosted page in setup mode. */
const untouched = {
  adaptive_pricing: null,
  after_expiration: null,
  allow_promotion_codes: null,
  amount_subtotal: null,
  amount_total: null,
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
  mode: 'setup',
  origin_context: null,
  payment_intent: null,
  payment_link: null,
  payment_method_collection: null,
  payment_method_configuration_details: null,
  payment_method_options: {},
  payment_method_types: ['card'],
  payment_status: 'no_payment_required',
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
  readonly cancel_url: string | null;
  readonly client_reference_id: string | null;
  readonly created: number;
  readonly currency: string | null;
  readonly customer: string | null;
  readonly customer_details: object | null;
  readonly customer_email: string | null;
  readonly expires_at: number;
  readonly metadata: Metadata;
  readonly setup_intent: string;
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
  | 'success_url'
> & { readonly intentDescription: string | null; readonly intentMetadata: Metadata };

const lifetimeSeconds = 24 * 3600;

export function createCheckoutSession(call: Call, request: NewCheckoutSession): CheckoutSession {
  const { intentDescription, intentMetadata, ...fields } = request;
  const intent = createSetupIntent(call, {
    customer: fields.customer,
    description: intentDescription,
    metadata: intentMetadata,
    payment_method: null,
    usage: 'off_session',
  });
  const id = newId('cs_test', 58);
  return call.store.put('checkout_sessions', {
    ...untouched,
    ...fields,
    id,
    object: 'checkout.session',
    created: call.now,
    customer_details: null,
    expires_at: call.now + lifetimeSeconds,
    setup_intent: intent.id,
    status: 'open',
    url: `${call.baseUrl}/c/pay/${id}`,
  });
}

/** The session as it is now: an open one expires after a day. */
export function currentSession(call: Call, id: string): CheckoutSession | undefined {
  const session = call.store.get('checkout_sessions', id);
  if (session?.status !== 'open' || session.expires_at > call.now) return session;
  const expired = call.store.put('checkout_sessions', { ...session, status: 'expired', url: null });
  call.emit('checkout.session.expired', expired);
  return expired;
}

/** Saves the card that a person entered on the hosted page; a refused card is thrown, and the session stays open. */
export function completeCheckoutSession(call: Call, session: CheckoutSession, accepted: AcceptedCard): CheckoutSession {
  if (session.status !== 'open') throw invalidRequest(`This Checkout Session is ${session.status}.`);
  const intent = call.store.get('setup_intents', session.setup_intent)!;
  const method = createCardPaymentMethod(call, accepted);
  confirmSetupIntent(call, intent, method);
  const customer = session.customer === null ? undefined : call.store.get('customers', session.customer);
  const complete = call.store.put('checkout_sessions', {
    ...session,
    customer_details: {
      address: null,
      business_name: null,
      email: customer?.email ?? session.customer_email,
      individual_name: null,
      name: accepted.name,
      phone: null,
      tax_exempt: 'none',
      tax_ids: [],
    },
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
