import { cardDeclined, declineFields } from '../cards/card-fault.js';
import { testCardByFingerprint, type Decline } from '../cards/test-card.js';
import type { Metadata } from '../http/metadata.js';
import { invalidRequest, type StripeFault } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { authenticationUrl, nextActionFor, type NextAction } from './next-action.js';
import { attachPaymentMethod, type PaymentMethod } from './payment-method.js';

const untouched = {
  allowed_payment_method_types: null,
  application: null,
  automatic_payment_methods: null,
  customer_account: null,
  excluded_payment_method_types: null,
  flow_directions: null,
  latest_attempt: null,
  livemode: false,
  mandate: null,
  on_behalf_of: null,
  payment_method_configuration_details: null,
  payment_method_options: { card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' } },
  payment_method_types: ['card'],
  single_use_mandate: null,
} as const;

export type SetupIntent = typeof untouched & {
  readonly id: string;
  readonly object: 'setup_intent';
  readonly cancellation_reason: 'abandoned' | 'duplicate' | 'requested_by_customer' | null;
  readonly client_secret: string;
  readonly created: number;
  readonly customer: string | null;
  readonly description: string | null;
  readonly last_setup_error: object | null;
  readonly metadata: Metadata;
  readonly next_action: NextAction | null;
  readonly payment_method: string | null;
  readonly status: 'canceled' | 'requires_action' | 'requires_confirmation' | 'requires_payment_method' | 'succeeded';
  readonly usage: 'off_session' | 'on_session';
};

export type NewSetupIntent = Pick<SetupIntent, 'customer' | 'description' | 'metadata' | 'payment_method' | 'usage'>;

export function createSetupIntent(call: Call, fields: NewSetupIntent): SetupIntent {
  const id = newId('seti');
  const intent = call.store.put('setup_intents', {
    ...untouched,
    ...fields,
    id,
    object: 'setup_intent',
    cancellation_reason: null,
    client_secret: newId(`${id}_secret`),
    created: call.now,
    last_setup_error: null,
    next_action: null,
    status: fields.payment_method === null ? 'requires_payment_method' : 'requires_confirmation',
  });
  call.emit('setup_intent.created', intent);
  return intent;
}

/**
 * Saves the card for the intent's customer, unless its bank asks the cardholder first. A refusal is kept on the intent,
 * and thrown as a card error.
 */
export function confirmSetupIntent(
  call: Call,
  intent: SetupIntent,
  method: PaymentMethod,
  attempt: { readonly returnUrl: string | null; readonly authenticated?: boolean },
): SetupIntent {
  const card = testCardByFingerprint(method.card.fingerprint);
  if (card?.onAttach) throw failSetup(call, intent, method, card.onAttach);
  if (card?.asksCardholder !== undefined && attempt.authenticated !== true) {
    const waiting = call.store.put('setup_intents', {
      ...intent,
      last_setup_error: null,
      next_action: nextActionFor(authenticationUrl(call, intent.id), attempt.returnUrl),
      payment_method: method.id,
      status: 'requires_action',
    });
    call.emit('setup_intent.requires_action', waiting);
    return waiting;
  }
  if (intent.customer !== null) attachPaymentMethod(call, method.id, intent.customer, 'payment_method');
  const succeeded = call.store.put('setup_intents', {
    ...intent,
    last_setup_error: null,
    next_action: null,
    payment_method: method.id,
    status: 'succeeded',
  });
  call.emit('setup_intent.succeeded', succeeded);
  return succeeded;
}

export function cancelSetupIntent(
  call: Call,
  intent: SetupIntent,
  reason: SetupIntent['cancellation_reason'],
): SetupIntent {
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw invalidRequest(
      `You cannot cancel this SetupIntent because it has a status of ${intent.status}.`,
      undefined,
      'setup_intent_unexpected_state',
    );
  }
  const canceled = call.store.put('setup_intents', {
    ...intent,
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  });
  call.emit('setup_intent.canceled', canceled);
  return canceled;
}

/** Records why the card was not saved; the fault is to be thrown, and keeps what it records. */
export function failSetup(call: Call, intent: SetupIntent, method: PaymentMethod, decline: Decline): StripeFault {
  const failed = call.store.put('setup_intents', {
    ...intent,
    last_setup_error: { type: 'card_error', ...declineFields(decline), payment_method: method },
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  call.emit('setup_intent.setup_failed', failed);
  return cardDeclined(decline, { payment_method: method, setup_intent: failed }, true);
}
