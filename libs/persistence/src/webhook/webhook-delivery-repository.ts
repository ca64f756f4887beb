import type { WebhookAttempt, WebhookDelivery, WebhookDeliveryState } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

const COLUMNS = `delivery.id, delivery.organization_id AS "organizationId", delivery.endpoint_id AS "endpointId",
  delivery.event_id AS "eventId", delivery.event_type AS "eventType", delivery.body, delivery.state,
  delivery.created_at AS "createdAt", delivery.attempts, delivery.next_attempt_at AS "nextAttemptAt",
  delivery.settled_at AS "settledAt"`;
const ATTEMPT_COLUMNS = `id, organization_id AS "organizationId", delivery_id AS "deliveryId", number,
  attempted_at AS "attemptedAt", duration_ms AS "durationMs", outcome, status, excerpt`;

/** A message that is to be sent at once. */
export type NewWebhookDelivery = Pick<
  WebhookDelivery,
  'id' | 'organizationId' | 'endpointId' | 'eventId' | 'eventType' | 'body' | 'createdAt'
>;

/** Writes messages in the caller's transaction: they are sent if, and only if, it is committed. */
export async function insertWebhookDeliveries(
  transaction: Transaction,
  deliveries: readonly NewWebhookDelivery[],
): Promise<void> {
  await transaction.query(
    `INSERT INTO webhook_delivery (id, organization_id, endpoint_id, event_id, event_type, body, created_at, next_attempt_at)
     SELECT id, organization_id, endpoint_id, event_id, event_type, body, created_at, created_at
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[])
       AS delivery (id, organization_id, endpoint_id, event_id, event_type, body, created_at)`,
    [
      deliveries.map(({ id }) => id),
      deliveries.map(({ organizationId }) => organizationId),
      deliveries.map(({ endpointId }) => endpointId),
      deliveries.map(({ eventId }) => eventId),
      deliveries.map(({ eventType }) => eventType),
      deliveries.map(({ body }) => body),
      deliveries.map(({ createdAt }) => createdAt),
    ],
  );
}

/** A delivery as a list shows it, with what became of the last try. */
export interface ListedWebhookDelivery extends WebhookDelivery {
  readonly lastAttempt: Pick<WebhookAttempt, 'outcome' | 'status'> | null;
}

export interface WebhookDeliveryFilter {
  readonly state?: WebhookDeliveryState | undefined;
  readonly eventType?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

/** The deliveries of an endpoint of the organization, the newest first. */
export function listWebhookDeliveries(
  transaction: Transaction,
  { organizationId, endpointId }: { readonly organizationId: string; readonly endpointId: string },
  { state, eventType, before, limit }: WebhookDeliveryFilter,
): Promise<ListedWebhookDelivery[]> {
  return transaction.query<ListedWebhookDelivery>(
    `SELECT ${COLUMNS},
       CASE WHEN last.outcome IS NULL THEN NULL
         ELSE json_build_object('outcome', last.outcome, 'status', last.status) END AS "lastAttempt"
     FROM webhook_delivery AS delivery
     LEFT JOIN webhook_attempt AS last ON last.delivery_id = delivery.id AND last.number = delivery.attempts
     WHERE delivery.organization_id = $1 AND delivery.endpoint_id = $2
       AND ($3::text IS NULL OR delivery.state = $3) AND ($4::text IS NULL OR delivery.event_type = $4)
       AND ($5::uuid IS NULL OR delivery.id < $5)
     ORDER BY delivery.id DESC LIMIT $6`,
    [organizationId, endpointId, state ?? null, eventType ?? null, before ?? null, limit],
  );
}

/** A delivery of an endpoint of the organization, or null. */
export async function findWebhookDelivery(
  transaction: Transaction,
  { organizationId, endpointId, id }: Pick<WebhookDelivery, 'organizationId' | 'endpointId' | 'id'>,
): Promise<WebhookDelivery | null> {
  const [row] = await transaction.query<WebhookDelivery>(
    `SELECT ${COLUMNS} FROM webhook_delivery AS delivery WHERE organization_id = $1 AND endpoint_id = $2 AND id = $3`,
    [organizationId, endpointId, id],
  );
  return row ?? null;
}

/** The last 100 tries of a delivery, the newest first. */
export function listWebhookAttempts(transaction: Transaction, deliveryId: string): Promise<WebhookAttempt[]> {
  return transaction.query<WebhookAttempt>(
    `SELECT ${ATTEMPT_COLUMNS} FROM webhook_attempt WHERE delivery_id = $1 ORDER BY number DESC LIMIT 100`,
    [deliveryId],
  );
}

/** How many messages of a type wait for an endpoint. */
export async function countWaitingWebhooks(
  transaction: Transaction,
  endpointId: string,
  eventType: string,
): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM webhook_delivery
     WHERE endpoint_id = $1 AND event_type = $2 AND state = 'waiting'`,
    [endpointId, eventType],
  );
  return row!.count;
}

/** Has a delivery tried at `at`, with a schedule that begins anew when it was settled. A try under way goes on. */
export async function restartWebhookDelivery(transaction: Transaction, id: string, at: Date): Promise<void> {
  await transaction.query(
    `UPDATE webhook_delivery SET next_attempt_at = $2, settled_at = NULL, state = 'waiting',
       schedule_start = CASE WHEN state = 'waiting' THEN schedule_start ELSE attempts END
     WHERE id = $1`,
    [id, at],
  );
}

/** Gives up all that waits for an endpoint. */
export async function cancelWaitingWebhooks(transaction: Transaction, endpointId: string, at: Date): Promise<void> {
  await transaction.query(
    `UPDATE webhook_delivery SET state = 'canceled', settled_at = $2, next_attempt_at = NULL, leased_until = NULL
     WHERE endpoint_id = $1 AND state = 'waiting'`,
    [endpointId, at],
  );
}

/** Deletes up to `limit` deliveries that were settled at `before` or earlier, with their tries; returns how many. */
export async function purgeWebhookDeliveries(transaction: Transaction, before: Date, limit: number): Promise<number> {
  const rows = await transaction.query(
    `WITH purged AS (
       DELETE FROM webhook_delivery WHERE id IN (
         SELECT id FROM webhook_delivery WHERE settled_at <= $1 ORDER BY settled_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING 1)
     SELECT FROM purged`,
    [before, limit],
  );
  return rows.length;
}

export async function insertWebhookAttempt(transaction: Transaction, attempt: WebhookAttempt): Promise<void> {
  await transaction.query(
    `INSERT INTO webhook_attempt (id, organization_id, delivery_id, number, attempted_at, duration_ms, outcome, status, excerpt)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      attempt.id,
      attempt.organizationId,
      attempt.deliveryId,
      attempt.number,
      attempt.attemptedAt,
      attempt.durationMs,
      attempt.outcome,
      attempt.status,
      attempt.excerpt,
    ],
  );
}
