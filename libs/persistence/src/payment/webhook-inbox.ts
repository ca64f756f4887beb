import type { Transaction } from '../database/unit-of-work.js';

/** A message of the payment provider, kept once however often it is sent. */
export interface ReceivedWebhook {
  readonly eventId: string;
  readonly type: string;
  readonly objectId: string | null;
  readonly providerCustomerId: string | null;
  readonly receivedAt: Date;
  readonly processedAt: Date | null;
}

/** Keeps the message unless it is there already; true when it is new. */
export async function insertWebhookIfMissing(
  transaction: Transaction,
  webhook: Omit<ReceivedWebhook, 'processedAt'>,
): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO webhook_inbox (event_id, type, object_id, provider_customer_id, received_at)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (event_id) DO NOTHING RETURNING 1`,
    [webhook.eventId, webhook.type, webhook.objectId, webhook.providerCustomerId, webhook.receivedAt],
  );
  return rows.length > 0;
}

export async function findWebhook(transaction: Transaction, eventId: string): Promise<ReceivedWebhook | null> {
  const [row] = await transaction.query<ReceivedWebhook>(
    `SELECT event_id AS "eventId", type, object_id AS "objectId", provider_customer_id AS "providerCustomerId",
            received_at AS "receivedAt", processed_at AS "processedAt"
     FROM webhook_inbox WHERE event_id = $1`,
    [eventId],
  );
  return row ?? null;
}

/** Marks a message as processed, unless it is; true for the one caller that marked it. */
export async function markWebhookProcessed(
  transaction: Transaction,
  eventId: string,
  processedAt: Date,
): Promise<boolean> {
  const rows = await transaction.query(
    `WITH marked AS (UPDATE webhook_inbox SET processed_at = $2 WHERE event_id = $1 AND processed_at IS NULL RETURNING 1)
     SELECT 1 FROM marked`,
    [eventId, processedAt],
  );
  return rows.length > 0;
}

export interface WebhookQuery {
  readonly providerCustomerId: string;
  readonly types: readonly string[];
  /** Received later than this instant. */
  readonly after: Date;
}

/** True when a message of one of the types has come about the customer. */
export async function hasWebhook(
  transaction: Transaction,
  { providerCustomerId, types, after }: WebhookQuery,
): Promise<boolean> {
  const [row] = await transaction.query<{ exists: boolean }>(
    `SELECT EXISTS (SELECT FROM webhook_inbox
                    WHERE provider_customer_id = $1 AND type = ANY ($2::text[]) AND received_at > $3)`,
    [providerCustomerId, types, after],
  );
  return row!.exists;
}
