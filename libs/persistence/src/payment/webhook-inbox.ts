import type { Transaction } from '../database/unit-of-work.js';

/** A message of the payment provider, kept once however often it is sent. */
export interface ReceivedWebhook {
  readonly eventId: string;
  readonly type: string;
  readonly objectId: string | null;
  readonly providerCustomerId: string | null;
  /** The invoice that it is about, by the provider's id. */
  readonly providerInvoiceId: string | null;
  /** After it another card may be charged than before. */
  readonly changesCard: boolean;
  readonly receivedAt: Date;
  readonly processedAt: Date | null;
  /** How often it was acted on, or tried to. */
  readonly attempts: number;
  readonly triedAt: Date | null;
  /** Why that failed last; null when it did not. */
  readonly error: string | null;
}

/** An event as it comes in. */
export type NewWebhook = Omit<ReceivedWebhook, 'processedAt' | 'attempts' | 'triedAt' | 'error'>;

const COLUMNS = `event_id AS "eventId", type, object_id AS "objectId", provider_customer_id AS "providerCustomerId",
  provider_invoice_id AS "providerInvoiceId", changes_card AS "changesCard", received_at AS "receivedAt",
  processed_at AS "processedAt", attempts, tried_at AS "triedAt", error`;

/** Keeps the message unless it is there already; true when it is new. */
export async function insertWebhookIfMissing(transaction: Transaction, webhook: NewWebhook): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO webhook_inbox (event_id, type, object_id, provider_customer_id, received_at, provider_invoice_id, changes_card)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (event_id) DO NOTHING RETURNING 1`,
    [
      webhook.eventId,
      webhook.type,
      webhook.objectId,
      webhook.providerCustomerId,
      webhook.receivedAt,
      webhook.providerInvoiceId,
      webhook.changesCard,
    ],
  );
  return rows.length > 0;
}

export async function findWebhook(transaction: Transaction, eventId: string): Promise<ReceivedWebhook | null> {
  const [row] = await transaction.query<ReceivedWebhook>(`SELECT ${COLUMNS} FROM webhook_inbox WHERE event_id = $1`, [
    eventId,
  ]);
  return row ?? null;
}

/** Marks a message as processed, unless it is; true for the one caller that marked it. */
export async function markWebhookProcessed(
  transaction: Transaction,
  eventId: string,
  processedAt: Date,
): Promise<boolean> {
  const rows = await transaction.query(
    `WITH marked AS (UPDATE webhook_inbox SET processed_at = $2, tried_at = $2, attempts = attempts + 1, error = NULL
                     WHERE event_id = $1 AND processed_at IS NULL RETURNING 1)
     SELECT 1 FROM marked`,
    [eventId, processedAt],
  );
  return rows.length > 0;
}

/** Keeps why acting on a message failed. */
export async function markWebhookFailed(
  transaction: Transaction,
  eventId: string,
  { triedAt, error }: { readonly triedAt: Date; readonly error: string },
): Promise<void> {
  await transaction.query(
    `UPDATE webhook_inbox SET attempts = attempts + 1, tried_at = $2, error = $3 WHERE event_id = $1 AND processed_at IS NULL`,
    [eventId, triedAt, error],
  );
}

/** Lets a message be acted on once more; false when there is none. */
export async function reopenWebhook(transaction: Transaction, eventId: string): Promise<boolean> {
  const rows = await transaction.query(
    `WITH opened AS (UPDATE webhook_inbox SET processed_at = NULL WHERE event_id = $1 RETURNING 1) SELECT 1 FROM opened`,
    [eventId],
  );
  return rows.length > 0;
}

/** `failed`: acting on it has failed, and is tried again. `waiting`: nobody has tried yet. */
export type WebhookState = 'waiting' | 'failed' | 'processed';

/** Messages, the newest first, at most `limit`, those that are older than the one named `before`. */
export function listWebhooks(
  transaction: Transaction,
  {
    state,
    before,
    limit,
  }: { readonly state: WebhookState | null; readonly before: string | null; readonly limit: number },
): Promise<ReceivedWebhook[]> {
  return transaction.query<ReceivedWebhook>(
    `SELECT ${COLUMNS} FROM webhook_inbox
     WHERE ($1::text IS NULL OR CASE WHEN processed_at IS NOT NULL THEN 'processed' WHEN error IS NOT NULL THEN 'failed' ELSE 'waiting' END = $1)
       AND ($2::text IS NULL OR (received_at, event_id) < (SELECT received_at, event_id FROM webhook_inbox WHERE event_id = $2))
     ORDER BY received_at DESC, event_id DESC LIMIT $3`,
    [state, before, limit],
  );
}

/** How many messages could not be acted on, and were not since. */
export async function countFailedMessages(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    'SELECT count(*)::integer AS count FROM webhook_inbox WHERE processed_at IS NULL AND error IS NOT NULL',
  );
  return row!.count;
}

export interface CardChangeQuery {
  readonly providerCustomerId: string;
  /** Received later than this instant. */
  readonly after: Date;
}

/** True when a message has come after which another card of the customer may be charged. */
export async function hasCardChange(
  transaction: Transaction,
  { providerCustomerId, after }: CardChangeQuery,
): Promise<boolean> {
  const [row] = await transaction.query<{ exists: boolean }>(
    `SELECT EXISTS (SELECT FROM webhook_inbox WHERE provider_customer_id = $1 AND changes_card AND received_at > $2)`,
    [providerCustomerId, after],
  );
  return row!.exists;
}
