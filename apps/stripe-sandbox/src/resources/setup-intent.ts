import { cardDeclined, declineFields } from '../cards/card-fault.js';
import { testCardByFingerprint, type Decline } from '../cards/test-card.js';
import type { Metadata } from '../http/metadata.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { attachPaymentMethod, type PaymentMethod } from './payment-method.js';

const untouched = {
  allowed_payment_method_types: null,
  application: null,
  automatic_payment_methods: null,
  cancellation_reason: null,
  customer_account: null,
  excluded_payment_method_types: null,
  flow_directions: null,
  latest_attempt: null,
  livemode: false,
  mandate: null,
  next_action: null,
  on_behalf_of: null,
  payment_method_configuration_details: null,
  payment_method_options: { card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' } },
  payment_method_types: ['card'],
  single_use_mandate: null,
} as const;

export type SetupIntent = typeof untouched & {
  readonly id: string;
  readonly object: 'setup_intent';
  readonly client_secret: string;
  readonly created: number;
  readonly customer: string | null;
  readonly description: string | null;
  readonly last_setup_error: object | null;
  readonly metadata: Metadata;
  readonly payment_method: string | null;
  readonly status: 'canceled' | 'requires_confirmation' | 'requires_payment_method' | 'succeeded';
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
    client_secret: newId(`${id}_secret`),
    created: call.now,
    last_setup_error: null,
    status: fields.payment_method === null ? 'requires_payment_method' : 'requires_confirmation',
  });
  call.emit('setup_intent.created', intent);
  return intent;
}

/** Saves the card for the intent's customer. A refusal is kept on the intent, and thrown as a card error. */
export function confirmSetupIntent(call: Call, intent: SetupIntent, method: PaymentMethod): SetupIntent {
  const decline = testCardByFingerprint(method.card.fingerprint)?.onAttach;
  if (decline) throw failSetup(call, intent, method, decline);
  if (intent.customer !== null) attachPaymentMethod(call, method.id, intent.customer, 'payment_method');
  const succeeded = call.store.put('setup_intents', {
    ...intent,
    last_setup_error: null,
    payment_method: method.id,
    status: 'succeeded',
  });
  call.emit('setup_intent.succeeded', succeeded);
  return succeeded;
}

function failSetup(call: Call, intent: SetupIntent, method: PaymentMethod, decline: Decline): Error {
  const failed = call.store.put('setup_intents', {
    ...intent,
    last_setup_error: { type: 'card_error', ...declineFields(decline), payment_method: method },
    payment_method: null,
    status: 'requires_payment_method',
  });
  call.emit('setup_intent.setup_failed', failed);
  return cardDeclined(decline, { payment_method: method, setup_intent: failed }, true);
}
