import type { Application, SubscriptionState } from '#domain';
import { IsNull } from 'typeorm';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';
import { ApplicationEntity } from './application-entity.js';

/** Adds an application; false, and nothing added, when the organization has one of that name. */
export async function insertApplication(transaction: Transaction, application: Application): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO application (id, organization_id, name, created_at, suspended_at)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organization_id, name) DO NOTHING RETURNING 1`,
    [application.id, application.organizationId, application.name, application.createdAt, application.suspendedAt],
  );
  return rows.length > 0;
}

/** The application; null when there is none, or it is deleted. */
export function findApplication(transaction: Transaction, id: string): Promise<Application | null> {
  return transaction.repository(ApplicationEntity).findOneBy({ id, deletedAt: IsNull() });
}

/** The same, and it cannot be deleted before the transaction ends: for whatever is to belong to it. */
export function keepApplication(transaction: Transaction, id: string): Promise<Application | null> {
  return lockedApplication(transaction, id, 'for_key_share');
}

/** The application, locked against other changes until the transaction ends; null when there is none. */
export function lockApplication(transaction: Transaction, id: string): Promise<Application | null> {
  return lockedApplication(transaction, id, 'for_no_key_update');
}

/** The same with its keys, and nothing can be given to it before the transaction ends. */
export async function lockApplicationToDelete(transaction: Transaction, id: string): Promise<Application | null> {
  // In the order of whoever rotates a key, who has the old one when the new one needs the application.
  await transaction.query('SELECT FROM credential WHERE application_id = $1 ORDER BY id FOR UPDATE', [id]);
  return lockedApplication(transaction, id, 'pessimistic_write');
}

function lockedApplication(
  transaction: Transaction,
  id: string,
  mode: 'for_key_share' | 'for_no_key_update' | 'pessimistic_write',
): Promise<Application | null> {
  return transaction.repository(ApplicationEntity).findOne({ where: { id, deletedAt: IsNull() }, lock: { mode } });
}

/** Gives an application another name; false, and nothing changed, when the organization has one of that name. */
export async function renameApplication(
  transaction: Transaction,
  { id, organizationId }: Pick<Application, 'id' | 'organizationId'>,
  name: string,
): Promise<boolean> {
  // Two that take the same name at the same moment would only be told apart by the index.
  await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `application-names/${organizationId}`,
  ]);
  const rows = await transaction.query<unknown[]>(
    `UPDATE application SET name = $3 WHERE id = $1 AND NOT EXISTS (
       SELECT FROM application WHERE organization_id = $2 AND name = $3 AND id <> $1) RETURNING id`,
    [id, organizationId, name],
  );
  return rows[0]!.length > 0;
}

/** What an application had, and has no more. */
export interface DeletedApplication {
  readonly credentials: readonly { readonly id: string; readonly keyId: string }[];
  readonly identityIds: readonly string[];
}

/**
 * Deletes an application that `lockApplicationToDelete` holds: its keys and identities end; what it has called and paid stays, under a
 * name that nobody else would choose.
 */
export async function markApplicationDeleted(
  transaction: Transaction,
  { id, name, deletedAt }: { readonly id: string; readonly name: string; readonly deletedAt: Date },
): Promise<DeletedApplication> {
  await transaction.query('UPDATE application SET name = $2, deleted_at = $3 WHERE id = $1', [id, name, deletedAt]);
  const [row] = await transaction.query<DeletedApplication>(
    `WITH revoked AS (
       UPDATE credential SET revoked_at = $2 WHERE application_id = $1 AND revoked_at IS NULL RETURNING id, key_id
     ), removed AS (
       DELETE FROM application_identity WHERE application_id = $1 RETURNING id
     )
     SELECT coalesce((SELECT json_agg(json_build_object('id', id, 'keyId', key_id) ORDER BY id) FROM revoked), '[]') AS credentials,
            ARRAY(SELECT id FROM removed ORDER BY id) AS "identityIds"`,
    [id, deletedAt],
  );
  return row!;
}

/** The titles of the products that an application has a subscription to which is not over at `at`, or waits for approval. */
export async function listSubscribedTitles(
  transaction: Transaction,
  applicationId: string,
  at: Date,
): Promise<string[]> {
  const rows = await transaction.query<{ title: string }>(
    `SELECT title FROM subscription JOIN api_product ON api_product.id = api_product_id
     WHERE application_id = $1 AND state <> 'canceled' AND (cancel_at IS NULL OR cancel_at > $2) ORDER BY title`,
    [applicationId, at],
  );
  return rows.map(({ title }) => title);
}

/** An application with what it has. */
export interface ApplicationOverview extends Application {
  /** Keys that are neither revoked nor expired. */
  readonly credentialCount: number;
  readonly subscriptions: readonly {
    readonly id: string;
    readonly product: { readonly slug: string; readonly title: string };
    readonly plan: { readonly slug: string; readonly title: string };
    readonly state: SubscriptionState;
  }[];
}

/** The applications of an organization, newest first, after an id; only the one with `applicationId` when it is given. */
export function listApplicationOverviews(
  transaction: Transaction,
  {
    organizationId,
    applicationId,
    at,
  }: { readonly organizationId: string; readonly applicationId?: string; readonly at: Date },
  { after, limit }: Slice = {},
): Promise<ApplicationOverview[]> {
  return transaction.query<ApplicationOverview>(
    `SELECT application.id, application.organization_id AS "organizationId", application.name,
            application.created_at AS "createdAt", application.suspended_at AS "suspendedAt",
            (SELECT count(*)::integer FROM credential
             WHERE application_id = application.id AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3))
              AS "credentialCount",
            (SELECT coalesce(json_agg(json_build_object(
                      'id', subscription.id,
                      'product', json_build_object('slug', product.slug, 'title', product.title),
                      'plan', json_build_object('slug', plan.slug, 'title', plan.title),
                      'state', CASE WHEN subscription.cancel_at <= $3 THEN 'canceled' ELSE subscription.state END) ORDER BY subscription.id DESC), '[]')
             FROM subscription
             JOIN api_product product ON product.id = subscription.api_product_id
             JOIN LATERAL (SELECT plan_version_id FROM subscription_phase
                           WHERE subscription_id = subscription.id AND starts_at <= $3 AND ends_at IS DISTINCT FROM starts_at
                           ORDER BY starts_at DESC LIMIT 1) phase ON true
             JOIN plan_version ON plan_version.id = phase.plan_version_id
             JOIN plan ON plan.id = plan_version.plan_id
             WHERE subscription.application_id = application.id) AS subscriptions
     FROM application
     WHERE application.organization_id = $1 AND application.deleted_at IS NULL AND ($2::uuid IS NULL OR application.id = $2)
       AND ($4::uuid IS NULL OR application.id < $4)
     ORDER BY application.id DESC LIMIT $5`,
    [organizationId, applicationId ?? null, at, after ?? null, limit ?? null],
  );
}

/** The ids of every application of an organization. */
export async function listApplicationIds(transaction: Transaction, organizationId: string): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    'SELECT id FROM application WHERE organization_id = $1 ORDER BY id',
    [organizationId],
  );
  return rows.map(({ id }) => id);
}
