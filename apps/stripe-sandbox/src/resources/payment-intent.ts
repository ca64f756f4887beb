import { cardDeclined, declineFields } from '../cards/card-fault.js';
import type { Decline } from '../cards/test-card.js';
import type { Metadata } from '../http/metadata.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { createCharge, type Charge } from './charge.js';
import type { PaymentMethod } from './payment-method.js';

const untouched = {
  allowed_payment_method_types: null,
  amount_capturable: 0,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  capture_method: 'automatic',
  confirmation_method: 'automatic',
  customer_account: null,
  excluded_payment_method_types: null,
  livemode: false,
  managed_payments: null,
  next_action: null,
  on_behalf_of: null,
  payment_method_configuration_details: null,
  payment_method_options: {},
  payment_method_types: ['card'],
  payment_record: null,
  processing: null,
  receipt_email: null,
  review: null,
  setup_future_usage: null,
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  transfer_data: null,
  transfer_group: null,
} as const;

export type PaymentIntent = typeof untouched & {
  readonly id: string;
  readonly object: 'payment_intent';
  readonly amount: number;
  readonly amount_received: number;
  readonly canceled_at: number | null;
  readonly cancellation_reason: 'void_invoice' | null;
  readonly client_secret: string;
  readonly created: number;
  readonly currency: string;
  readonly customer: string | null;
  readonly description: string | null;
  readonly last_payment_error: object | null;
  readonly latest_charge: string | null;
  readonly metadata: Metadata;
  readonly payment_method: string | null;
  readonly status: 'canceled' | 'requires_payment_method' | 'succeeded';
};

export function createPaymentIntent(
  call: Call,
  fields: Pick<PaymentIntent, 'amount' | 'currency' | 'customer' | 'description'>,
): PaymentIntent {
  const id = newId('pi');
  const intent = call.store.put('payment_intents', {
    ...untouched,
    ...fields,
    id,
    object: 'payment_intent',
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    client_secret: newId(`${id}_secret`),
    created: call.now,
    last_payment_error: null,
    latest_charge: null,
    metadata: {},
    payment_method: null,
    status: 'requires_payment_method',
  });
  call.emit('payment_intent.created', intent);
  return intent;
}

/** Charges the card. The decline, when there is one, is recorded on the intent and ready to be thrown. */
export function attemptPayment(
  call: Call,
  intent: PaymentIntent,
  method: PaymentMethod,
): { readonly paid: true } | { readonly paid: false; readonly fault: Error } {
  const { charge, decline } = createCharge(call, intent, method);
  if (decline) return { paid: false, fault: recordDecline(call, intent, method, charge, decline) };
  const succeeded = call.store.put('payment_intents', {
    ...intent,
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    payment_method: method.id,
    status: 'succeeded',
  });
  call.emit('payment_intent.succeeded', succeeded);
  return { paid: true };
}

function recordDecline(
  call: Call,
  intent: PaymentIntent,
  method: PaymentMethod,
  charge: Charge,
  decline: Decline,
): Error {
  const failed = call.store.put('payment_intents', {
    ...intent,
    last_payment_error: {
      type: 'card_error',
      ...declineFields(decline),
      charge: charge.id,
      payment_method: method,
    },
    latest_charge: charge.id,
    payment_method: null,
    status: 'requires_payment_method',
  });
  call.emit('payment_intent.payment_failed', failed);
  return cardDeclined(decline, { charge: charge.id, payment_intent: failed, payment_method: method }, true);
}

/** After a credit note: the intent is over less. */
export function changeIntentAmount(call: Call, intent: PaymentIntent, amount: number): void {
  call.store.put('payment_intents', { ...intent, amount });
}

/** Cancels the intent of an invoice that was voided, or of which nothing remains to be paid. */
export function cancelPaymentIntent(call: Call, intent: PaymentIntent): void {
  const canceled = call.store.put('payment_intents', {
    ...intent,
    canceled_at: call.now,
    cancellation_reason: 'void_invoice',
    status: 'canceled',
  });
  call.emit('payment_intent.canceled', canceled);
}
