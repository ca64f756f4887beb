import type { WebhookDelivery } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** The turn to try one delivery: good until `leased_until`, and while no later one was given. */
export interface WebhookLease {
  readonly deliveryId: string;
  readonly lease: number;
}

/** How much may be under way at a time, over all workers. */
export interface WebhookBounds {
  readonly perEndpoint: number;
  readonly perOrganization: number;
  readonly inAll: number;
}

/**
 * Gives out turns for deliveries that are due, until `leasedUntil`: within the bounds, and fairly: who has the fewest under
 * way comes first, so that a slow endpoint waits for itself. One caller at a time does; others get none.
 */
export async function leaseDueWebhooks(
  transaction: Transaction,
  { at, leasedUntil, bounds }: { readonly at: Date; readonly leasedUntil: Date; readonly bounds: WebhookBounds },
): Promise<WebhookLease[]> {
  const [lock] = await transaction.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended('webhook_lease', 0)) AS locked`,
  );
  if (!lock?.locked) return [];
  return transaction.query<WebhookLease>(
    `WITH running AS (
       SELECT endpoint_id, organization_id, count(*)::integer AS count FROM webhook_delivery
       WHERE leased_until > $1 AND state = 'waiting' GROUP BY endpoint_id, organization_id),
     due AS (
       SELECT next.id, next.next_attempt_at, endpoint.organization_id, coalesce(running.count, 0) + next.place AS place
       FROM webhook_endpoint AS endpoint
       LEFT JOIN running ON running.endpoint_id = endpoint.id
       CROSS JOIN LATERAL (
         SELECT id, next_attempt_at, row_number() OVER (ORDER BY next_attempt_at, id) AS place FROM webhook_delivery
         WHERE endpoint_id = endpoint.id AND state = 'waiting' AND next_attempt_at <= $1
           AND (leased_until IS NULL OR leased_until <= $1)
         ORDER BY next_attempt_at, id LIMIT greatest(0, $3 - coalesce(running.count, 0))) AS next
       WHERE endpoint.disabled_at IS NULL),
     ranked AS (
       SELECT due.id, due.place, due.next_attempt_at,
         row_number() OVER (PARTITION BY due.organization_id ORDER BY due.place, due.next_attempt_at, due.id)
           + coalesce((SELECT sum(count) FROM running WHERE running.organization_id = due.organization_id), 0) AS of_organization
       FROM due),
     chosen AS (
       SELECT id FROM ranked WHERE of_organization <= $4 ORDER BY of_organization, next_attempt_at, id
       LIMIT greatest(0, $5 - coalesce((SELECT sum(count) FROM running), 0))),
     locked AS (
       SELECT id FROM webhook_delivery WHERE id IN (SELECT id FROM chosen) AND state = 'waiting' FOR UPDATE SKIP LOCKED),
     leased AS (
       UPDATE webhook_delivery SET lease = lease + 1, leased_until = $2
       WHERE id IN (SELECT id FROM locked) RETURNING id, lease, next_attempt_at)
     SELECT id AS "deliveryId", lease FROM leased ORDER BY next_attempt_at, id`,
    [at, leasedUntil, bounds.perEndpoint, bounds.perOrganization, bounds.inAll],
  );
}

/** Gives turns back that nobody took. */
export async function returnWebhookLeases(transaction: Transaction, leases: readonly WebhookLease[]): Promise<void> {
  await transaction.query(
    `WITH returned AS (
       SELECT delivery.id FROM webhook_delivery AS delivery
       JOIN unnest($1::uuid[], $2::integer[]) AS turn (id, lease) ON delivery.id = turn.id AND delivery.lease = turn.lease
       FOR UPDATE OF delivery SKIP LOCKED)
     UPDATE webhook_delivery SET leased_until = NULL WHERE id IN (SELECT id FROM returned)`,
    [leases.map(({ deliveryId }) => deliveryId), leases.map(({ lease }) => lease)],
  );
}

/** A delivery whose turn it is, and where it goes. */
export interface WebhookToSend extends Pick<
  WebhookDelivery,
  'id' | 'organizationId' | 'endpointId' | 'eventId' | 'eventType' | 'body'
> {
  readonly url: string;
  readonly secretId: string;
  readonly previousSecretId: string | null;
  readonly previousSecretEndsAt: Date | null;
}

/** Takes a turn until `leasedUntil`; null when it has passed to another, or nothing is to be sent any more. */
export async function takeWebhookLease(
  transaction: Transaction,
  { deliveryId, lease }: WebhookLease,
  leasedUntil: Date,
): Promise<WebhookToSend | null> {
  const [row] = await transaction.query<WebhookToSend>(
    `WITH taken AS (
       UPDATE webhook_delivery AS delivery SET leased_until = $3 FROM webhook_endpoint AS endpoint
       WHERE delivery.id = $1 AND delivery.lease = $2 AND delivery.state = 'waiting'
         AND endpoint.id = delivery.endpoint_id AND endpoint.disabled_at IS NULL
       RETURNING delivery.id, delivery.organization_id, delivery.endpoint_id, event_id, event_type, body, url, secret_id,
         previous_secret_id, previous_secret_ends_at)
     SELECT id, organization_id AS "organizationId", endpoint_id AS "endpointId", event_id AS "eventId",
       event_type AS "eventType", body, url, secret_id AS "secretId", previous_secret_id AS "previousSecretId",
       previous_secret_ends_at AS "previousSecretEndsAt"
     FROM taken`,
    [deliveryId, lease, leasedUntil],
  );
  return row ?? null;
}

/** A delivery under a lock, after its endpoint. */
export interface LockedWebhookDelivery extends Pick<WebhookDelivery, 'id' | 'state' | 'attempts'> {
  readonly lease: number;
  readonly scheduleStart: number;
}

/** The delivery, locked until the transaction ends; null when it was deleted. */
export async function lockWebhookDelivery(transaction: Transaction, id: string): Promise<LockedWebhookDelivery | null> {
  const [row] = await transaction.query<LockedWebhookDelivery>(
    `SELECT id, state, attempts, lease, schedule_start AS "scheduleStart" FROM webhook_delivery WHERE id = $1 FOR UPDATE`,
    [id],
  );
  return row ?? null;
}

/** Counts a try that changes nothing else: of a turn that had passed to another meanwhile. */
export async function countWebhookAttempt(transaction: Transaction, id: string, attempts: number): Promise<void> {
  await transaction.query('UPDATE webhook_delivery SET attempts = $2 WHERE id = $1', [id, attempts]);
}

/** What follows a try: an end, or the next one. */
export async function recordWebhookTry(
  transaction: Transaction,
  id: string,
  {
    attempts,
    ...after
  }: { readonly attempts: number } & (
    | { readonly state: 'delivered' | 'failed'; readonly settledAt: Date }
    | { readonly state: 'waiting'; readonly nextAttemptAt: Date }
  ),
): Promise<void> {
  await transaction.query(
    `UPDATE webhook_delivery SET attempts = $2, state = $3, settled_at = $4, next_attempt_at = $5, leased_until = NULL
     WHERE id = $1`,
    [
      id,
      attempts,
      after.state,
      after.state === 'waiting' ? null : after.settledAt,
      after.state === 'waiting' ? after.nextAttemptAt : null,
    ],
  );
}

/** Since when the message waits that was due first and is not settled; null when nothing is due. */
export async function findOldestDueWebhook(transaction: Transaction, at: Date): Promise<Date | null> {
  const [row] = await transaction.query<{ oldest: Date | null }>(
    `SELECT min(next.next_attempt_at) AS oldest FROM webhook_endpoint AS endpoint CROSS JOIN LATERAL (
       SELECT next_attempt_at FROM webhook_delivery
       WHERE endpoint_id = endpoint.id AND state = 'waiting' AND next_attempt_at <= $1
       ORDER BY next_attempt_at, id LIMIT 1) AS next
     WHERE endpoint.disabled_at IS NULL`,
    [at],
  );
  return row?.oldest ?? null;
}
