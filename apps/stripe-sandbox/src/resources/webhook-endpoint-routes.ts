import { mergeMetadata, metadata } from '../http/metadata.js';
import { boolean, clearable, list, required, text, webAddress } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { maximumEndpoints, newWebhookSecret, type WebhookEndpoint } from '../webhooks/endpoint.js';

const path = '/v1/webhook_endpoints';
const writable = { description: clearable(text()), enabled_events: list(text()), metadata, url: webAddress };

export const webhookEndpointRoutes: readonly Route[] = [
  route('POST', path, { ...writable, api_version: text() }, (call, params) => {
    const { store } = call;
    if (store.all('webhook_endpoints').length + store.all('event_destinations').length >= maximumEndpoints) {
      throw invalidRequest(`You have reached the maximum of ${maximumEndpoints} test webhook endpoints.`);
    }
    const secret = newWebhookSecret();
    const endpoint = call.store.put('webhook_endpoints', {
      id: newId('we'),
      object: 'webhook_endpoint',
      api_version: params.api_version ?? null,
      application: null,
      created: call.now,
      description: params.description ?? null,
      enabled_events: someEvents(required(params.enabled_events, 'enabled_events')),
      livemode: false,
      metadata: mergeMetadata({}, params.metadata),
      status: 'enabled',
      url: required(params.url, 'url'),
      secrets: [secret],
    });
    return { ...render(endpoint), secret };
  }),

  route('GET', `${path}/{id}`, {}, (call, _params, id) => render(existing(call, id))),

  route('POST', `${path}/{id}`, { ...writable, disabled: boolean }, (call, params, id) => {
    const before = existing(call, id);
    const isDisabled = params.disabled ?? before.status === 'disabled';
    return render(
      call.store.put('webhook_endpoints', {
        ...before,
        description: params.description === undefined ? before.description : params.description,
        enabled_events: params.enabled_events ? someEvents(params.enabled_events) : before.enabled_events,
        metadata: mergeMetadata(before.metadata, params.metadata),
        status: isDisabled ? 'disabled' : 'enabled',
        url: params.url ?? before.url,
      }),
    );
  }),

  route('DELETE', `${path}/{id}`, {}, (call, _params, id) => {
    call.store.delete('webhook_endpoints', existing(call, id).id);
    return { id, object: 'webhook_endpoint', deleted: true };
  }),

  listRoute(
    path,
    'webhook_endpoint',
    {},
    (call) => call.store.all('webhook_endpoints'),
    (_call, endpoint) => render(endpoint),
  ),
];

function existing(call: Call, id: string): WebhookEndpoint {
  const endpoint = call.store.get('webhook_endpoints', id);
  if (endpoint === undefined) throw noSuch('webhook endpoint', id, 'id');
  return endpoint;
}

function render({ secrets: _secrets, ...endpoint }: WebhookEndpoint): object {
  return endpoint;
}

function someEvents(types: string[]): string[] {
  if (types.length > 0) return types;
  throw invalidRequest('At least one event must be enabled.', 'enabled_events');
}
