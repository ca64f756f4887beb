import type { WebhookDisabledReason, WebhookEndpoint, WebhookEventType } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

const COLUMNS = `id, organization_id AS "organizationId", url, description, event_types AS "eventTypes",
  created_at AS "createdAt", disabled_at AS "disabledAt", disabled_reason AS "disabledReason",
  failing_since AS "failingSince", previous_secret_ends_at AS "previousSecretEndsAt"`;

/** An endpoint with the ids of its sealed secrets. */
export interface SealedWebhookEndpoint extends WebhookEndpoint {
  readonly secretId: string;
  /** Null without an overlap. */
  readonly previousSecretId: string | null;
}

export async function insertWebhookEndpoint(
  transaction: Transaction,
  endpoint: Pick<
    SealedWebhookEndpoint,
    'id' | 'organizationId' | 'url' | 'description' | 'eventTypes' | 'secretId' | 'createdAt'
  >,
): Promise<void> {
  await transaction.query(
    `INSERT INTO webhook_endpoint (id, organization_id, url, description, event_types, secret_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      endpoint.id,
      endpoint.organizationId,
      endpoint.url,
      endpoint.description,
      endpoint.eventTypes,
      endpoint.secretId,
      endpoint.createdAt,
    ],
  );
}

/** An organization's endpoints, the newest first. */
export function listWebhookEndpoints(transaction: Transaction, organizationId: string): Promise<WebhookEndpoint[]> {
  return transaction.query<WebhookEndpoint>(
    `SELECT ${COLUMNS} FROM webhook_endpoint WHERE organization_id = $1 ORDER BY id DESC`,
    [organizationId],
  );
}

/** An endpoint of the organization, or null. */
export async function findWebhookEndpoint(
  transaction: Transaction,
  organizationId: string,
  id: string,
): Promise<WebhookEndpoint | null> {
  const [row] = await transaction.query<WebhookEndpoint>(
    `SELECT ${COLUMNS} FROM webhook_endpoint WHERE organization_id = $1 AND id = $2`,
    [organizationId, id],
  );
  return row ?? null;
}

/**
 * The same, locked until the transaction ends; new messages can still be written to it. Whoever locks an endpoint and
 * deliveries of it locks the endpoint first.
 */
export async function lockWebhookEndpoint(
  transaction: Transaction,
  organizationId: string,
  id: string,
): Promise<SealedWebhookEndpoint | null> {
  const [row] = await transaction.query<SealedWebhookEndpoint>(
    `SELECT ${COLUMNS}, secret_id AS "secretId", previous_secret_id AS "previousSecretId"
     FROM webhook_endpoint WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE`,
    [organizationId, id],
  );
  return row ?? null;
}

/** Endpoints that take messages, kept from being deleted until the transaction ends. */
export interface ListeningEndpoint {
  readonly id: string;
  readonly organizationId: string;
  readonly eventTypes: readonly WebhookEventType[];
}

/** The endpoints of these organizations that are on. */
export function keepListeningEndpoints(
  transaction: Transaction,
  organizationIds: readonly string[],
): Promise<ListeningEndpoint[]> {
  return transaction.query<ListeningEndpoint>(
    `SELECT id, organization_id AS "organizationId", event_types AS "eventTypes" FROM webhook_endpoint
     WHERE organization_id = ANY($1::uuid[]) AND disabled_at IS NULL ORDER BY id FOR KEY SHARE`,
    [organizationIds],
  );
}

export async function updateWebhookEndpoint(
  transaction: Transaction,
  { id, url, description, eventTypes }: Pick<WebhookEndpoint, 'id' | 'url' | 'description' | 'eventTypes'>,
): Promise<void> {
  await transaction.query('UPDATE webhook_endpoint SET url = $2, description = $3, event_types = $4 WHERE id = $1', [
    id,
    url,
    description,
    eventTypes,
  ]);
}

/** Turns an endpoint off for a reason, or on with null; what was known of its failures is forgotten when it is turned on. */
export async function setWebhookEndpointDisabled(
  transaction: Transaction,
  id: string,
  disabled: { readonly at: Date; readonly reason: WebhookDisabledReason } | null,
): Promise<void> {
  await transaction.query(
    `UPDATE webhook_endpoint SET disabled_at = $2, disabled_reason = $3,
       failing_since = CASE WHEN $2::timestamptz IS NULL THEN NULL ELSE failing_since END
     WHERE id = $1`,
    [id, disabled?.at ?? null, disabled?.reason ?? null],
  );
}

/** Since when an endpoint fails without a break; null after a success. */
export async function setWebhookFailingSince(transaction: Transaction, id: string, since: Date | null): Promise<void> {
  await transaction.query(
    'UPDATE webhook_endpoint SET failing_since = $2 WHERE id = $1 AND failing_since IS DISTINCT FROM $2::timestamptz',
    [id, since],
  );
}

/** Which secret signs, and which one signs too until when; null for none. */
export async function updateWebhookSecrets(
  transaction: Transaction,
  id: string,
  {
    secretId,
    previous,
  }: { readonly secretId: string; readonly previous: { readonly secretId: string; readonly endsAt: Date } | null },
): Promise<void> {
  await transaction.query(
    `UPDATE webhook_endpoint SET secret_id = $2, previous_secret_id = $3, previous_secret_ends_at = $4 WHERE id = $1`,
    [id, secretId, previous?.secretId ?? null, previous?.endsAt ?? null],
  );
}

/** Deletes an endpoint with its deliveries; its secrets stay, to be deleted after it. */
export async function deleteWebhookEndpoint(transaction: Transaction, id: string): Promise<void> {
  await transaction.query('DELETE FROM webhook_endpoint WHERE id = $1', [id]);
}

/** Ends the overlaps that are over, and deletes the secrets that signed until then. Returns how many. */
export async function endWebhookOverlaps(transaction: Transaction, at: Date): Promise<number> {
  const ended = await transaction.query<{ secretId: string }>(
    `WITH ended AS (
       SELECT id, previous_secret_id FROM webhook_endpoint
       WHERE previous_secret_ends_at <= $1 ORDER BY id LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED),
     cleared AS (
       UPDATE webhook_endpoint SET previous_secret_id = NULL, previous_secret_ends_at = NULL
       WHERE id IN (SELECT id FROM ended))
     SELECT previous_secret_id AS "secretId" FROM ended`,
    [at],
  );
  if (ended.length > 0)
    await transaction.query('DELETE FROM secret WHERE id = ANY($1::uuid[])', [ended.map(({ secretId }) => secretId)]);
  return ended.length;
}
