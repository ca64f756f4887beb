import type { Transaction } from '../database/unit-of-work.js';

/** The id of the organization with this slug, else the oldest one of this name; null when there is none. */
export async function findOrganizationIdNamed(transaction: Transaction, name: string): Promise<string | null> {
  const [row] = await transaction.query<{ id: string }>(
    'SELECT id FROM organization WHERE slug = $1 OR name = $1 ORDER BY slug = $1 DESC, id LIMIT 1',
    [name],
  );
  return row?.id ?? null;
}

/** The organizations with this slug or name, at most `limit`; one with the slug comes first. */
export function listOrganizationsNamed(
  transaction: Transaction,
  name: string,
  limit: number,
): Promise<{ id: string; slug: string }[]> {
  return transaction.query(
    'SELECT id, slug FROM organization WHERE slug = $1 OR name = $1 ORDER BY slug = $1 DESC, id LIMIT $2',
    [name, limit],
  );
}

/** The id of the organization's application of this name, or null. */
export async function findApplicationIdNamed(
  transaction: Transaction,
  organizationId: string,
  name: string,
): Promise<string | null> {
  const [row] = await transaction.query<{ id: string }>(
    'SELECT id FROM application WHERE organization_id = $1 AND name = $2 AND deleted_at IS NULL',
    [organizationId, name],
  );
  return row?.id ?? null;
}

export interface NamedApplication {
  readonly organizationId: string;
  readonly organizationSlug: string;
  readonly applicationId: string;
  /** Its organization has its name as slug or name too. */
  readonly isOfSameName: boolean;
}

/** The applications of this name, at most `limit`; one whose organization is of the same name comes first. */
export function listApplicationsNamed(
  transaction: Transaction,
  name: string,
  limit: number,
): Promise<NamedApplication[]> {
  return transaction.query(
    `SELECT organization.id AS "organizationId", organization.slug AS "organizationSlug", application.id AS "applicationId",
       $1 IN (organization.slug, organization.name) AS "isOfSameName"
     FROM application JOIN organization ON organization.id = organization_id
     WHERE application.name = $1 AND application.deleted_at IS NULL
     ORDER BY organization.slug = $1 DESC, organization.name = $1 DESC, organization.id LIMIT $2`,
    [name, limit],
  );
}

export interface ActiveSubscription {
  readonly subscriptionId: string;
  readonly planSlug: string;
}

/** The application's active subscription to a product, with the plan that it is on now. */
export async function findActiveSubscription(
  transaction: Transaction,
  applicationId: string,
  apiProductId: string,
  at: Date,
): Promise<ActiveSubscription | null> {
  const [row] = await transaction.query<ActiveSubscription>(
    `SELECT subscription.id AS "subscriptionId", plan.slug AS "planSlug"
     FROM subscription
     JOIN LATERAL (SELECT plan_version_id FROM subscription_phase
                   WHERE subscription_id = subscription.id AND ends_at IS DISTINCT FROM starts_at AND starts_at <= $3
                   ORDER BY starts_at DESC LIMIT 1) phase ON true
     JOIN plan_version ON plan_version.id = phase.plan_version_id
     JOIN plan ON plan.id = plan_id
     WHERE application_id = $1 AND subscription.api_product_id = $2 AND subscription.state = 'active'`,
    [applicationId, apiProductId, at],
  );
  return row ?? null;
}
