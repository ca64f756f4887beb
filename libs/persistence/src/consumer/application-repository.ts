import type { Application, SubscriptionState } from '#domain';
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

export function findApplication(transaction: Transaction, id: string): Promise<Application | null> {
  return transaction.repository(ApplicationEntity).findOneBy({ id });
}

/** The application, locked against other changes until the transaction ends; null when there is none. */
export function lockApplication(transaction: Transaction, id: string): Promise<Application | null> {
  return transaction.repository(ApplicationEntity).findOne({ where: { id }, lock: { mode: 'for_no_key_update' } });
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
     WHERE application.organization_id = $1 AND ($2::uuid IS NULL OR application.id = $2)
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
