import type { Metadata } from '../http/metadata.js';
import { noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import type { WebhookEndpoint } from '../webhooks/endpoint.js';
import { apiVersion } from './event.js';
import { isoOf } from './thin-event.js';

/** Where events of version 2 of the API are sent, and snapshots too if it is made for them. */
export interface EventDestination {
  readonly id: string;
  readonly object: 'v2.core.event_destination';
  readonly created: number;
  readonly description: string;
  readonly enabled_events: readonly string[];
  readonly event_payload: 'snapshot' | 'thin';
  readonly metadata: Metadata;
  readonly name: string;
  readonly status: 'disabled' | 'enabled';
  readonly updated: number;
  readonly url: string;
  readonly secret: string;
}

/** The fields of its webhook endpoint that are shown only when they are asked for. */
export type Include = 'webhook_endpoint.signing_secret' | 'webhook_endpoint.url';

export function eventDestinationOf(call: Call, id: string): EventDestination {
  const destination = call.store.get('event_destinations', id);
  if (destination === undefined) throw noSuch('event destination', id, 'id');
  return destination;
}

/** The destination as Stripe answers it. */
export function renderEventDestination(destination: EventDestination, include: readonly Include[] = []): object {
  const { created, updated, secret, status, url, ...rest } = destination;
  return {
    ...rest,
    created: isoOf(created),
    events_from: ['@self'],
    livemode: false,
    ...(destination.event_payload === 'snapshot' && { snapshot_api_version: apiVersion }),
    status,
    ...(status === 'disabled' && { status_details: { disabled: { reason: 'user' } } }),
    type: 'webhook_endpoint',
    updated: isoOf(updated),
    webhook_endpoint: {
      ...(include.includes('webhook_endpoint.signing_secret') && { signing_secret: secret }),
      ...(include.includes('webhook_endpoint.url') && { url }),
    },
  };
}

/** The destination as events are delivered to it. */
export function endpointOf(destination: EventDestination): WebhookEndpoint {
  const { id, created, description, enabled_events, event_payload, metadata, secret, status, url } = destination;
  return {
    id,
    object: 'webhook_endpoint',
    api_version: apiVersion,
    application: null,
    created,
    description,
    enabled_events,
    livemode: false,
    metadata,
    status,
    url,
    secrets: [secret],
    ...(event_payload === 'thin' && { isThin: true }),
  };
}
