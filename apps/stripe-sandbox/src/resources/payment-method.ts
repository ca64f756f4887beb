import { cardDeclined } from '../cards/card-fault.js';
import type { AcceptedCard } from '../cards/card-entry.js';
import { testCardByFingerprint, testCardByToken } from '../cards/test-card.js';
import type { Metadata } from '../http/metadata.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import type { Address } from './address.js';
import { customerOf, putCustomer } from './customer.js';

export interface PaymentMethod {
  readonly id: string;
  readonly object: 'payment_method';
  readonly allow_redisplay: 'always' | 'limited' | 'unspecified';
  readonly billing_details: {
    readonly address: Address | null;
    readonly email: string | null;
    readonly name: string | null;
    readonly phone: string | null;
    readonly tax_id: null;
  };
  readonly card: {
    readonly brand: string;
    readonly checks: {
      readonly address_line1_check: null;
      readonly address_postal_code_check: null;
      readonly cvc_check: string | null;
    };
    readonly country: string;
    readonly display_brand: string;
    readonly exp_month: number;
    readonly exp_year: number;
    readonly fingerprint: string;
    readonly funding: string;
    readonly generated_from: null;
    readonly last4: string;
    readonly networks: { readonly available: readonly string[]; readonly preferred: null };
    readonly regulated_status: 'unregulated';
    readonly three_d_secure_usage: { readonly supported: boolean };
    readonly wallet: null;
  };
  readonly created: number;
  readonly customer: string | null;
  readonly customer_account: null;
  readonly livemode: false;
  readonly metadata: Metadata;
  readonly type: 'card';
}

/** A payment method of a card; not attached to anybody yet. */
export function createCardPaymentMethod(call: Call, accepted: AcceptedCard, id = newId('pm')): PaymentMethod {
  const { card, expMonth, expYear, name } = accepted;
  return call.store.put('payment_methods', {
    id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, email: null, name, phone: null, tax_id: null },
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: card.brand,
      exp_month: expMonth,
      exp_year: expYear,
      fingerprint: card.fingerprint,
      funding: 'credit',
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: call.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  });
}

/** A new payment method of the card that a test token names; undefined when it names none. */
export function paymentMethodOfToken(call: Call, token: string, id?: string): PaymentMethod | undefined {
  const card = testCardByToken(token);
  if (card === undefined) return undefined;
  const expYear = new Date(call.now * 1000).getUTCFullYear() + 1;
  return createCardPaymentMethod(call, { card, expMonth: 12, expYear, name: null }, id);
}

/** The payment method of an id; a test id such as `pm_card_visa` makes a new one, as at Stripe. */
export function resolvePaymentMethod(call: Call, id: string, param: string): PaymentMethod {
  const method = (id.startsWith('pm_') && paymentMethodOfToken(call, id)) || call.store.get('payment_methods', id);
  if (method === undefined) throw noSuch('PaymentMethod', id, param);
  return method;
}

/** Attaches, unless the card refuses to be saved or belongs to somebody else. */
export function attachPaymentMethod(call: Call, id: string, customerId: string, param: string): PaymentMethod {
  customerOf(call, customerId, 'customer');
  const method = resolvePaymentMethod(call, id, param);
  if (method.customer === customerId) return method;
  if (method.customer !== null) {
    throw invalidRequest('The payment method you provided has already been attached to a customer.', param);
  }
  if (call.store.get('detached_payment_methods', method.id)) {
    throw invalidRequest(
      'This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and ' +
        'may not be used again.',
      param,
    );
  }
  const decline = testCardByFingerprint(method.card.fingerprint)?.onAttach;
  if (decline) throw cardDeclined(decline);
  const attached = call.store.put('payment_methods', { ...method, customer: customerId });
  call.emit('payment_method.attached', attached);
  return attached;
}

/** Saves the card of a token in the old way: it is charged where no payment method is set. */
export function attachSource(call: Call, token: string, customerId: string): void {
  if (!token.startsWith('tok_') || testCardByToken(token) === undefined) throw noSuch('token', token, 'source');
  const method = paymentMethodOfToken(call, token, newId('card'))!;
  attachPaymentMethod(call, method.id, customerId, 'source');
  putCustomer(call, customerId, { default_source: method.id });
}

export function detachPaymentMethod(call: Call, method: PaymentMethod): PaymentMethod {
  if (method.customer === null) {
    throw invalidRequest('The payment method you provided is not attached to a customer so detachment is impossible.');
  }
  const customer = customerOf(call, method.customer, 'customer');
  if (customer.default_source === method.id) putCustomer(call, customer.id, { default_source: null });
  if (customer.invoice_settings.default_payment_method === method.id) {
    putCustomer(call, customer.id, {
      invoice_settings: { ...customer.invoice_settings, default_payment_method: null },
    });
  }
  call.store.put('detached_payment_methods', { id: method.id });
  const detached = call.store.put('payment_methods', { ...method, customer: null });
  call.emit('payment_method.detached', detached, { customer: customer.id });
  return detached;
}

/** The payment method, which must belong to the customer; a test id names the customer's newest of that card. */
export function paymentMethodOfCustomer(call: Call, id: string, customerId: string, param: string): PaymentMethod {
  const fingerprint = testCardByToken(id)?.fingerprint;
  const method =
    fingerprint === undefined
      ? call.store.get('payment_methods', id)
      : call.store.childrenOf('payment_methods', customerId).find(({ card }) => card.fingerprint === fingerprint);
  if (method !== undefined && method.customer === customerId) return method;
  throw invalidRequest(
    `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
    param,
    'resource_missing',
  );
}
