import { mergeMetadata, metadata } from '../http/metadata.js';
import { createdFilter } from '../http/pagination.js';
import { boolean, hash, oneOf, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { customerOf } from './customer.js';
import { resolvePaymentMethod } from './payment-method.js';
import { cancelSetupIntent, confirmSetupIntent, createSetupIntent, type SetupIntent } from './setup-intent.js';

const createReaders = {
  automatic_payment_methods: hash({ allow_redirects: oneOf('always', 'never'), enabled: boolean }),
  confirm: boolean,
  customer: text(),
  description: text(),
  metadata,
  payment_method: text(),
  return_url: text(),
  usage: oneOf('off_session', 'on_session'),
};

export const setupIntentRoutes: readonly Route[] = [
  route('POST', '/v1/setup_intents', createReaders, (call, params) => {
    const method = params.payment_method && resolvePaymentMethod(call, params.payment_method, 'payment_method');
    const intent = createSetupIntent(call, {
      customer: params.customer === undefined ? null : customerOf(call, params.customer, 'customer').id,
      description: params.description ?? null,
      metadata: mergeMetadata({}, params.metadata),
      payment_method: method ? method.id : null,
      usage: params.usage ?? 'off_session',
    });
    return params.confirm ? confirm(call, intent, undefined, params.return_url) : intent;
  }),

  route('GET', '/v1/setup_intents/{id}', {}, (call, _params, id) => existing(call, id)),

  route('POST', '/v1/setup_intents/{id}/confirm', { payment_method: text(), return_url: text() }, (call, params, id) =>
    confirm(call, existing(call, id), params.payment_method, params.return_url),
  ),

  route(
    'POST',
    '/v1/setup_intents/{id}/cancel',
    { cancellation_reason: oneOf('abandoned', 'duplicate', 'requested_by_customer') },
    (call, params, id) => cancelSetupIntent(call, existing(call, id), params.cancellation_reason ?? null),
  ),

  listRoute(
    '/v1/setup_intents',
    'setup_intent',
    { created: createdFilter, customer: text(), payment_method: text() },
    (call, params) =>
      call.store
        .all('setup_intents')
        .filter((intent) => intent.customer === (params.customer ?? intent.customer))
        .filter((intent) => intent.payment_method === (params.payment_method ?? intent.payment_method))
        .filter((intent) => params.created?.(intent.created) ?? true),
  ),
];

function confirm(
  call: Call,
  intent: SetupIntent,
  paymentMethod = intent.payment_method ?? undefined,
  returnUrl?: string,
): SetupIntent {
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw invalidRequest(
      `You cannot confirm this SetupIntent because it has a status of ${intent.status}.`,
      undefined,
      'setup_intent_unexpected_state',
    );
  }
  if (paymentMethod === undefined) {
    throw invalidRequest(
      "You cannot confirm this SetupIntent because it's missing a payment method. Update the SetupIntent with a payment " +
        'method and try again.',
      undefined,
      'setup_intent_unexpected_state',
    );
  }
  const method = resolvePaymentMethod(call, paymentMethod, 'payment_method');
  return confirmSetupIntent(call, intent, method, { returnUrl: returnUrl ?? null });
}

function existing(call: Call, id: string): SetupIntent {
  const intent = call.store.get('setup_intents', id);
  if (intent === undefined) throw noSuch('setupintent', id, 'id');
  return intent;
}
