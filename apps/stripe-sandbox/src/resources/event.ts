import type { RequestOrigin } from '../sandbox.js';

/** The API version of the SDK whose shapes the sandbox answers with. */
export const apiVersion = '2026-10-28.endive';

export interface StripeEvent {
  readonly id: string;
  readonly object: 'event';
  readonly api_version: string;
  readonly created: number;
  readonly data: { readonly object: object; readonly previous_attributes?: object };
  readonly livemode: false;
  readonly pending_webhooks: number;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
  readonly type: string;
}

export function newEvent(
  id: string,
  type: string,
  object: object,
  previousAttributes: object | undefined,
  created: number,
  origin: RequestOrigin,
  pendingWebhooks: number,
): StripeEvent {
  return {
    id,
    object: 'event',
    api_version: apiVersion,
    created,
    data: { object, ...(previousAttributes && { previous_attributes: previousAttributes }) },
    livemode: false,
    pending_webhooks: pendingWebhooks,
    request: { id: origin.id, idempotency_key: origin.idempotencyKey },
    type,
  };
}
