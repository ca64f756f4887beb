import { mergeMetadata, metadata } from '../http/metadata.js';
import { createdFilter } from '../http/pagination.js';
import { boolean, clearable, hash, integer, oneOf, required, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { currency, formatAmount, minimumCharge, refuseFraction, refuseTooMuch } from './currency.js';
import { customerOf } from './customer.js';
import {
  attemptPayment,
  cancelPaymentIntent,
  capturePaymentIntent,
  createPaymentIntent,
  paymentIntentOf,
  recordDecline,
  unexpectedState,
  type PaymentIntent,
} from './payment-intent.js';
import { attachPaymentMethod, resolvePaymentMethod } from './payment-method.js';

const authenticationRequired = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

const writable = {
  amount: integer,
  currency,
  customer: text(),
  description: clearable(text(1000)),
  metadata,
  payment_method: text(),
  receipt_email: clearable(text(512)),
  setup_future_usage: oneOf('off_session', 'on_session'),
};

const confirmReaders = { error_on_requires_action: boolean, off_session: boolean, return_url: text() };

const createReaders = {
  ...writable,
  ...confirmReaders,
  automatic_payment_methods: hash({ allow_redirects: oneOf('always', 'never'), enabled: boolean }),
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  confirm: boolean,
};

export const paymentIntentRoutes: readonly Route[] = [
  route('POST', '/v1/payment_intents', createReaders, (call, params) => {
    const code = required(params.currency, 'currency');
    const method = params.payment_method && resolvePaymentMethod(call, params.payment_method, 'payment_method');
    const automatic = params.automatic_payment_methods;
    const intent = createPaymentIntent(call, {
      amount: chargeable(required(params.amount, 'amount'), code),
      automatic_payment_methods:
        automatic === undefined
          ? { allow_redirects: 'always', enabled: true }
          : {
              allow_redirects: automatic.allow_redirects ?? 'always',
              enabled: required(automatic.enabled, 'automatic_payment_methods[enabled]'),
            },
      capture_method: params.capture_method ?? 'automatic_async',
      currency: code,
      customer: params.customer === undefined ? null : customerOf(call, params.customer, 'customer').id,
      description: params.description ?? null,
      metadata: mergeMetadata({}, params.metadata),
      payment_method: method ? method.id : null,
      receipt_email: params.receipt_email ?? null,
      setup_future_usage: params.setup_future_usage ?? null,
    });
    return params.confirm ? confirm(call, intent, params) : intent;
  }),

  route('GET', '/v1/payment_intents/{id}', {}, (call, _params, id) => paymentIntentOf(call, id)),

  route('POST', '/v1/payment_intents/{id}', writable, (call, params, id) => {
    const before = paymentIntentOf(call, id);
    const onlyMetadata = Object.keys(params).every((key) => key === 'metadata' || key === 'description');
    if (!onlyMetadata && !['requires_confirmation', 'requires_payment_method'].includes(before.status)) {
      throw unexpectedState(before, 'update');
    }
    const code = params.currency ?? before.currency;
    const method = params.payment_method && resolvePaymentMethod(call, params.payment_method, 'payment_method');
    return call.store.put('payment_intents', {
      ...before,
      amount: chargeable(params.amount ?? before.amount, code),
      currency: code,
      customer: params.customer === undefined ? before.customer : customerOf(call, params.customer, 'customer').id,
      description: params.description === undefined ? before.description : params.description,
      metadata: mergeMetadata(before.metadata, params.metadata),
      payment_method: method ? method.id : before.payment_method,
      receipt_email: params.receipt_email === undefined ? before.receipt_email : params.receipt_email,
      setup_future_usage: params.setup_future_usage ?? before.setup_future_usage,
      status: method ? 'requires_confirmation' : before.status,
    });
  }),

  route('POST', '/v1/payment_intents/{id}/confirm', { ...confirmReaders, payment_method: text() }, (call, params, id) =>
    confirm(call, paymentIntentOf(call, id), params),
  ),

  route('POST', '/v1/payment_intents/{id}/capture', { amount_to_capture: integer }, (call, params, id) =>
    capturePaymentIntent(call, paymentIntentOf(call, id), params.amount_to_capture),
  ),

  route(
    'POST',
    '/v1/payment_intents/{id}/cancel',
    { cancellation_reason: oneOf('abandoned', 'duplicate', 'fraudulent', 'requested_by_customer') },
    (call, params, id) => {
      const intent = paymentIntentOf(call, id);
      if (call.store.all('invoice_payments').some(({ payment }) => payment.payment_intent === id)) {
        throw invalidRequest(
          'You cannot cancel this PaymentIntent, as it belongs to an invoice. Void the invoice instead.',
        );
      }
      return cancelPaymentIntent(call, intent, params.cancellation_reason ?? null);
    },
  ),

  listRoute('/v1/payment_intents', 'payment_intent', { created: createdFilter, customer: text() }, (call, params) =>
    call.store
      .all('payment_intents')
      .filter((intent) => intent.customer === (params.customer ?? intent.customer))
      .filter((intent) => params.created?.(intent.created) ?? true),
  ),

  listRoute(
    '/v1/charges',
    'charge',
    { created: createdFilter, customer: text(), payment_intent: text() },
    (call, params) =>
      call.store
        .all('charges')
        .filter((charge) => charge.customer === (params.customer ?? charge.customer))
        .filter((charge) => charge.payment_intent === (params.payment_intent ?? charge.payment_intent))
        .filter((charge) => params.created?.(charge.created) ?? true),
  ),
];

interface Confirmation {
  readonly error_on_requires_action?: boolean;
  readonly off_session?: boolean;
  readonly payment_method?: string;
  readonly return_url?: string;
}

function confirm(call: Call, intent: PaymentIntent, params: Confirmation): PaymentIntent {
  if (!['requires_action', 'requires_confirmation', 'requires_payment_method'].includes(intent.status)) {
    throw unexpectedState(intent, 'confirm');
  }
  const chosen = params.payment_method ?? intent.payment_method;
  if (chosen === null) {
    throw unexpectedState(intent, 'confirm', "It's missing a payment method: give one, and confirm again.");
  }
  const method = resolvePaymentMethod(call, chosen, 'payment_method');
  if (method.customer !== null && method.customer !== intent.customer) {
    throw invalidRequest(
      'The payment method belongs to another customer. Provide its customer on the PaymentIntent.',
      'payment_method',
    );
  }
  const outcome = attemptPayment(call, intent, method, { returnUrl: params.return_url ?? null });
  if (outcome.status === 'declined') throw outcome.fault;
  if (outcome.status === 'requires_action' && (params.off_session || params.error_on_requires_action)) {
    throw recordDecline(call, outcome.intent, method, authenticationRequired);
  }
  const saves = outcome.intent.setup_future_usage !== null && method.customer === null;
  if (outcome.status === 'paid' && saves && intent.customer !== null) {
    attachPaymentMethod(call, method.id, intent.customer, 'payment_method');
  }
  return outcome.intent;
}

function chargeable(amount: number, code: string): number {
  const least = minimumCharge(code);
  if (amount < least) {
    throw invalidRequest(`Amount must be at least ${formatAmount(least, code)}.`, 'amount', 'amount_too_small');
  }
  refuseTooMuch(amount, code, 'amount');
  refuseFraction(amount, code);
  return amount;
}
