import { cardDeclined, declineFields } from '../cards/card-fault.js';
import { testCardByFingerprint, type Decline } from '../cards/test-card.js';
import type { Metadata } from '../http/metadata.js';
import { invalidRequest, noSuch, StripeFault } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { captureCharge, createCharge, releaseCharge, type Charge } from './charge.js';
import { authenticationUrl, nextActionFor, type NextAction } from './next-action.js';
import type { PaymentMethod } from './payment-method.js';

const untouched = {
  allowed_payment_method_types: null,
  application: null,
  application_fee_amount: null,
  confirmation_method: 'automatic',
  customer_account: null,
  excluded_payment_method_types: null,
  livemode: false,
  managed_payments: null,
  on_behalf_of: null,
  payment_method_configuration_details: null,
  payment_method_options: {},
  payment_method_types: ['card'],
  payment_record: null,
  processing: null,
  review: null,
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
  readonly amount_capturable: number;
  readonly amount_received: number;
  readonly automatic_payment_methods: { readonly allow_redirects: string; readonly enabled: boolean } | null;
  readonly canceled_at: number | null;
  readonly cancellation_reason: CancellationReason | 'void_invoice' | null;
  readonly capture_method: 'automatic' | 'automatic_async' | 'manual';
  readonly client_secret: string;
  readonly created: number;
  readonly currency: string;
  readonly customer: string | null;
  readonly description: string | null;
  readonly last_payment_error: object | null;
  readonly latest_charge: string | null;
  readonly metadata: Metadata;
  readonly next_action: NextAction | null;
  readonly payment_method: string | null;
  readonly receipt_email: string | null;
  readonly setup_future_usage: 'off_session' | 'on_session' | null;
  readonly status:
    | 'canceled'
    | 'requires_action'
    | 'requires_capture'
    | 'requires_confirmation'
    | 'requires_payment_method'
    | 'succeeded';
};

export type CancellationReason = 'abandoned' | 'duplicate' | 'fraudulent' | 'requested_by_customer';

type Chosen =
  | 'automatic_payment_methods'
  | 'capture_method'
  | 'metadata'
  | 'payment_method'
  | 'receipt_email'
  | 'setup_future_usage';

export type NewPaymentIntent = Pick<PaymentIntent, 'amount' | 'currency' | 'customer' | 'description'> &
  Partial<Pick<PaymentIntent, Chosen>>;

export function createPaymentIntent(call: Call, fields: NewPaymentIntent): PaymentIntent {
  const id = newId('pi');
  const intent = call.store.put('payment_intents', {
    ...untouched,
    id,
    object: 'payment_intent',
    amount_capturable: 0,
    amount_received: 0,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: newId(`${id}_secret`),
    created: call.now,
    last_payment_error: null,
    latest_charge: null,
    metadata: {},
    next_action: null,
    payment_method: null,
    receipt_email: null,
    setup_future_usage: null,
    status: fields.payment_method ? 'requires_confirmation' : 'requires_payment_method',
    ...fields,
  });
  call.emit('payment_intent.created', intent);
  return intent;
}

export function paymentIntentOf(call: Call, id: string, param = 'id'): PaymentIntent {
  const intent = call.store.get('payment_intents', id);
  if (intent === undefined) throw noSuch('payment_intent', id, param);
  return intent;
}

export type PaymentOutcome =
  | { readonly status: 'paid'; readonly intent: PaymentIntent }
  | { readonly status: 'declined'; readonly fault: Error }
  | { readonly status: 'requires_action'; readonly intent: PaymentIntent };

export interface Attempt {
  /** Where the browser goes after the cardholder was asked; null leaves it to the caller's own page. */
  readonly returnUrl: string | null;
  /** True once the cardholder has said yes. */
  readonly authenticated?: boolean;
}

/**
 * Charges the card, unless its bank asks the cardholder first. A decline is recorded on the intent, and ready to be
 * thrown.
 */
export function attemptPayment(
  call: Call,
  intent: PaymentIntent,
  method: PaymentMethod,
  attempt: Attempt,
): PaymentOutcome {
  if (attempt.authenticated !== true && asksCardholder(method)) {
    const waiting = call.store.put('payment_intents', {
      ...intent,
      last_payment_error: null,
      next_action: nextActionFor(authenticationUrl(call, intent.id), attempt.returnUrl),
      payment_method: method.id,
      status: 'requires_action',
    });
    call.emit('payment_intent.requires_action', waiting);
    return { status: 'requires_action', intent: waiting };
  }
  const { charge, decline } = createCharge(call, intent, method);
  if (decline) return { status: 'declined', fault: recordDecline(call, intent, method, decline, charge) };
  const held = intent.capture_method === 'manual';
  const charged = call.store.put('payment_intents', {
    ...intent,
    amount_capturable: held ? intent.amount : 0,
    amount_received: held ? 0 : intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: held ? 'requires_capture' : 'succeeded',
  });
  call.emit(held ? 'payment_intent.amount_capturable_updated' : 'payment_intent.succeeded', charged);
  return { status: 'paid', intent: charged };
}

/** Records why the card was not charged; the fault is to be thrown, and keeps what it records. */
export function recordDecline(
  call: Call,
  intent: PaymentIntent,
  method: PaymentMethod,
  decline: Decline,
  charge?: Charge,
): StripeFault {
  const ofCharge = charge && { charge: charge.id };
  const failed = call.store.put('payment_intents', {
    ...intent,
    last_payment_error: { type: 'card_error', ...declineFields(decline), ...ofCharge, payment_method: method },
    latest_charge: charge?.id ?? intent.latest_charge,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  call.emit('payment_intent.payment_failed', failed);
  return cardDeclined(decline, { ...ofCharge, payment_intent: failed, payment_method: method }, true);
}

/** True where the bank asks at every payment, or has not been asked yet as the card was never saved. */
function asksCardholder(method: PaymentMethod): boolean {
  const asks = testCardByFingerprint(method.card.fingerprint)?.asksCardholder;
  return asks === 'always' || (asks === 'once' && method.customer === null);
}

/** Takes the money that is held, or a part of it and releases the rest. */
export function capturePaymentIntent(call: Call, intent: PaymentIntent, amount = intent.amount_capturable) {
  if (intent.status !== 'requires_capture') {
    throw unexpectedState(intent, 'capture', 'Only a PaymentIntent with the status requires_capture can be captured.');
  }
  if (amount < 1 || amount > intent.amount_capturable) {
    throw invalidRequest(
      `The amount to capture must be from 1 to the amount that is held, ${intent.amount_capturable}.`,
      'amount_to_capture',
      'amount_too_large',
    );
  }
  captureCharge(call, intent.latest_charge!, amount);
  const captured = call.store.put('payment_intents', {
    ...intent,
    amount_capturable: 0,
    amount_received: amount,
    status: 'succeeded',
  });
  call.emit('payment_intent.succeeded', captured);
  return captured;
}

/** After a credit note: the intent is over less. */
export function changeIntentAmount(call: Call, intent: PaymentIntent, amount: number): void {
  call.store.put('payment_intents', { ...intent, amount });
}

/** Cancels the intent; one of an invoice when it was voided, or when nothing remains to be paid. */
export function cancelPaymentIntent(
  call: Call,
  intent: PaymentIntent,
  reason: PaymentIntent['cancellation_reason'] = 'void_invoice',
): PaymentIntent {
  if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState(intent, 'cancel');
  if (intent.status === 'requires_capture') releaseCharge(call, intent.latest_charge!);
  const canceled = call.store.put('payment_intents', {
    ...intent,
    amount_capturable: 0,
    canceled_at: call.now,
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  });
  call.emit('payment_intent.canceled', canceled);
  return canceled;
}

export function unexpectedState(intent: PaymentIntent, verb: string, advice = ''): StripeFault {
  return new StripeFault(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message: `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}. ${advice}`.trim(),
    payment_intent: intent,
  });
}
