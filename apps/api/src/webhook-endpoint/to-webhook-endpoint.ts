import type { WebhookEndpoint } from '#domain';
import type { z } from 'zod';
import { etagOf } from '../contract/entity-tag.js';
import type { webhookEndpoint } from './webhook-endpoint.schema.js';

export function toWebhookEndpoint(found: WebhookEndpoint): z.input<typeof webhookEndpoint> {
  return { ...found, etag: etagOf(changeableEndpoint(found)) };
}

/** What of an endpoint its edit changes. */
export function changeableEndpoint({ url, description, eventTypes, disabledAt }: WebhookEndpoint): unknown {
  return { url, description, eventTypes, isEnabled: disabledAt === null };
}
