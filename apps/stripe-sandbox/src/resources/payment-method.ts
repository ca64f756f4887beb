import { cardDeclined } from '../cards/card-fault.js';
import type { AcceptedCard } from '../cards/card-entry.js';
import { testCardByFingerprint, testCardByToken } from '../cards/test-card.js';
import type { Metadata } from '../http/metadata.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { customerOf, putCustomer } from './customer.js';

export interface PaymentMethod {
  readonly id: string;
  readonly object: 'payment_method';
  readonly allow_redisplay: 'always' | 'limited' | 'unspecified';
  readonly billing_details: {
    readonly address: null;
    readonly email: null;
    readonly name: string | null;
    readonly phone: null;
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
export function createCardPaymentMethod(call: Call, accepted: AcceptedCard): PaymentMethod {
  const { card, expMonth, expYear, name } = accepted;
  return call.store.put('payment_methods', {
    id: newId('pm'),
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

/** The payment method of an id; a test id such as `pm_card_visa` makes a new one, as at Stripe. */
export function resolvePaymentMethod(call: Call, id: string, param: string): PaymentMethod {
  const card = testCardByToken(id);
  if (card !== undefined) {
    const expYear = new Date(call.now * 1000).getUTCFullYear() + 1;
    return createCardPaymentMethod(call, { card, expMonth: 12, expYear, name: null });
  }
  const method = call.store.get('payment_methods', id);
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

export function detachPaymentMethod(call: Call, method: PaymentMethod): PaymentMethod {
  if (method.customer === null) {
    throw invalidRequest('The payment method you provided is not attached to a customer so detachment is impossible.');
  }
  const customer = customerOf(call, method.customer, 'customer');
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

/** The payment method, which must belong to the customer. */
export function paymentMethodOfCustomer(call: Call, id: string, customerId: string, param: string): PaymentMethod {
  const method = call.store.get('payment_methods', id);
  if (method !== undefined && method.customer === customerId) return method;
  throw invalidRequest(
    `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
    param,
    'resource_missing',
  );
}
