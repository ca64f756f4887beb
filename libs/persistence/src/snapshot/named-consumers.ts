import type { Transaction } from '../database/unit-of-work.js';

/** Ids of organizations by slug, and of applications by "organization/application". What is not there is not in it. */
export interface NamedConsumers {
  readonly organizations: Readonly<Record<string, string>>;
  readonly applications: Readonly<Record<string, string>>;
}

/** Finds whom rules of traffic name. Needs the system scope. */
export async function readNamedConsumers(
  transaction: Transaction,
  named: { readonly organizations: readonly string[]; readonly applications: readonly string[] },
): Promise<NamedConsumers> {
  const organizations = await transaction.query<{ name: string; id: string }>(
    'SELECT slug AS name, id FROM organization WHERE slug = ANY ($1)',
    [named.organizations],
  );
  const applications = await transaction.query<{ name: string; id: string }>(
    `SELECT slug || '/' || application.name AS name, application.id
     FROM unnest($1::text[]) AS named
       JOIN organization ON slug = split_part(named, '/', 1)
       JOIN application ON organization_id = organization.id AND slug || '/' || application.name = named
         AND application.deleted_at IS NULL`,
    [named.applications],
  );
  const byName = (rows: readonly { name: string; id: string }[]) =>
    Object.fromEntries(rows.map(({ name, id }) => [name, id]));
  return { organizations: byName(organizations), applications: byName(applications) };
}

/** Whether a rule of traffic names this application, or its organization. */
export async function isNamedByTraffic(transaction: Transaction, { id }: { readonly id: string }): Promise<boolean> {
  const [row] = await transaction.query<{ isNamed: boolean }>(
    `SELECT EXISTS (
       SELECT FROM api_version, jsonb_path_query(upstream, '$.traffic.rules[*].match[*]') AS match
       WHERE match -> 'organizations' ? organization.slug
          OR match -> 'applications' ? (organization.slug || '/' || application.name)) AS "isNamed"
     FROM application JOIN organization ON organization.id = organization_id WHERE application.id = $1`,
    [id],
  );
  return row?.isNamed ?? false;
}

/** Which of these plans, each as "product/plan", there are not. */
export async function listUnknownPlans(transaction: Transaction, plans: readonly string[]): Promise<string[]> {
  const rows = await transaction.query<{ name: string }>(
    `SELECT named AS name FROM unnest($1::text[]) AS named WHERE NOT EXISTS (
       SELECT FROM plan JOIN api_product AS product ON product.id = api_product_id
       WHERE product.slug = split_part(named, '/', 1) AND plan.slug = split_part(named, '/', 2))`,
    [plans],
  );
  return rows.map(({ name }) => name);
}
