import type { Metadata } from '../http/metadata.js';
import { newId } from '../ids.js';

/** Where events are sent. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly object: 'webhook_endpoint';
  readonly api_version: string | null;
  readonly application: null;
  readonly created: number;
  readonly description: string | null;
  /** Types of events, or `*` for all. */
  readonly enabled_events: readonly string[];
  readonly livemode: false;
  readonly metadata: Metadata;
  readonly status: 'disabled' | 'enabled';
  readonly url: string;
  /** All that sign, the newest first. Shown only in the answer that creates the endpoint. */
  readonly secrets: readonly string[];
  /** Takes thin events, and no others. */
  readonly isThin?: true;
}

/** Stripe takes at most this many, event destinations among them. */
export const maximumEndpoints = 16;

/** The id of the endpoint that the command line names. */
export const configuredEndpointId = 'we_configured';

/** The id of the same endpoint where thin events go. */
export const configuredDestinationId = 'ed_configured';

export function newWebhookSecret(): string {
  return newId('whsec', 32);
}

export function takes(endpoint: WebhookEndpoint, type: string): boolean {
  const isOn = endpoint.status === 'enabled';
  return isOn && (endpoint.enabled_events.includes('*') || endpoint.enabled_events.includes(type));
}
