import { mergeMetadata, metadata } from '../http/metadata.js';
import { pageOf, pageReaders } from '../http/pagination-v2.js';
import { clearable, hash, list, oneOf, required, text, webAddress, type Params } from '../http/params.js';
import { route, type Route } from '../http/route.js';
import { invalidRequest } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { maximumEndpoints, newWebhookSecret } from '../webhooks/endpoint.js';
import {
  eventDestinationOf,
  renderEventDestination,
  type EventDestination,
  type Include,
} from './event-destination.js';
import { apiVersion } from './event.js';
import { thinEventTypes } from './thin-event.js';

const path = '/v2/core/event_destinations';

const onlyUrl = { include: list(oneOf('webhook_endpoint.url')) };
const writable = {
  description: clearable(text()),
  enabled_events: list(text()),
  metadata,
  name: text(255),
  webhook_endpoint: hash({ url: webAddress }),
};

export const eventDestinationRoutes: readonly Route[] = [
  route(
    'POST',
    path,
    {
      ...writable,
      event_payload: oneOf('snapshot', 'thin'),
      events_from: list(oneOf('@self')),
      include: list(oneOf('webhook_endpoint.signing_secret', 'webhook_endpoint.url')),
      snapshot_api_version: oneOf(apiVersion),
      type: oneOf('webhook_endpoint'),
    },
    (call, params) => {
      const { store } = call;
      if (store.all('event_destinations').length + store.all('webhook_endpoints').length >= maximumEndpoints) {
        throw invalidRequest(`You have reached the maximum of ${maximumEndpoints} event destinations.`);
      }
      required(params.type, 'type');
      const payload = required(params.event_payload, 'event_payload');
      if (payload === 'thin' && params.snapshot_api_version !== undefined) {
        throw invalidRequest('Thin events are of no version of the API.', 'snapshot_api_version');
      }
      const destination = store.put('event_destinations', {
        id: newId('ed_test', 44),
        object: 'v2.core.event_destination',
        created: call.now,
        description: params.description ?? '',
        enabled_events: eventsOf(payload, required(params.enabled_events, 'enabled_events')),
        event_payload: payload,
        metadata: mergeMetadata({}, params.metadata),
        name: required(params.name, 'name'),
        status: 'enabled',
        updated: call.now,
        url: urlOf(required(params.webhook_endpoint, 'webhook_endpoint')),
        secret: newWebhookSecret(),
      });
      return renderEventDestination(destination, params.include);
    },
  ),

  route('GET', path, { ...onlyUrl, ...pageReaders }, (call, { include = [], ...page }) => {
    const filters = new URLSearchParams(include.map((field, index) => [`include[${index}]`, field]));
    const found = pageOf(call.store.all('event_destinations'), path, filters, page);
    return { ...found, data: found.data.map((each) => renderEventDestination(each, include)) };
  }),

  route('GET', `${path}/{id}`, onlyUrl, (call, params, id) =>
    renderEventDestination(eventDestinationOf(call, id), params.include),
  ),

  route('POST', `${path}/{id}`, { ...writable, ...onlyUrl }, (call, params, id) => {
    const before = eventDestinationOf(call, id);
    const change = {
      ...(params.description !== undefined && { description: params.description ?? '' }),
      ...(params.enabled_events && { enabled_events: eventsOf(before.event_payload, params.enabled_events) }),
      metadata: mergeMetadata(before.metadata, params.metadata),
      ...(params.name !== undefined && { name: params.name }),
      ...(params.webhook_endpoint && { url: urlOf(params.webhook_endpoint) }),
    };
    return changed(call, before, change, params.include);
  }),

  route('POST', `${path}/{id}/disable`, {}, (call, _params, id) =>
    changed(call, eventDestinationOf(call, id), { status: 'disabled' }),
  ),

  route('POST', `${path}/{id}/enable`, {}, (call, _params, id) =>
    changed(call, eventDestinationOf(call, id), { status: 'enabled' }),
  ),

  route('POST', `${path}/{id}/ping`, {}, (call, _params, id) => {
    const destination = eventDestinationOf(call, id);
    if (destination.status === 'disabled') {
      throw invalidRequest('A disabled event destination cannot be pinged. Enable it first.');
    }
    const relatedObject = { id, type: destination.object, url: `${path}/${id}` };
    return call.emitThin('v2.core.event_destination.ping', { relatedObject }, id);
  }),

  route('DELETE', `${path}/{id}`, {}, (call, _params, id) => {
    const { object } = eventDestinationOf(call, id);
    call.store.delete('event_destinations', id);
    return { id, object };
  }),
];

function changed(
  call: Call,
  before: EventDestination,
  change: Partial<EventDestination>,
  include?: readonly Include[],
): object {
  const after = call.store.put('event_destinations', { ...before, ...change, updated: call.now });
  return renderEventDestination(after, include);
}

function urlOf(endpoint: Params<{ url: typeof webAddress }>): string {
  return required(endpoint.url, 'webhook_endpoint.url');
}

/** Of thin events only what can happen here can be asked for: who waits for another would wait for ever. */
function eventsOf(payload: EventDestination['event_payload'], types: string[]): string[] {
  if (types.length === 0) throw invalidRequest('At least one event must be enabled.', 'enabled_events');
  const known: readonly string[] = ['*', ...thinEventTypes];
  const unknown = payload === 'thin' ? types.find((type) => !known.includes(type)) : undefined;
  if (unknown === undefined) return types;
  throw invalidRequest(
    `This simulation of Stripe has no thin event ${unknown}. It has ${thinEventTypes.join(', ')}.`,
    'enabled_events',
  );
}
