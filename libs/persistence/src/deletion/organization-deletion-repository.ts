import type { Transaction } from '../database/unit-of-work.js';

/** How much there is of what keeps an organization from being deleted. */
export interface OrganizationHindrances {
  /** Subscriptions that are not canceled. */
  readonly subscriptions: number;
  /** Periods whose last invoice is not made yet. */
  readonly openPeriods: number;
  /** Invoices that are being made or owed. */
  readonly openInvoices: number;
  /** Disputes with a bank, and refunds, that are under way. */
  readonly openPayments: number;
}

/** Reads them. Needs the scope of the organization, or the system's. */
export async function readOrganizationHindrances(
  transaction: Transaction,
  organizationId: string,
): Promise<OrganizationHindrances> {
  const [row] = await transaction.query<OrganizationHindrances>(
    `SELECT (SELECT count(*)::integer FROM subscription WHERE organization_id = $1 AND state <> 'canceled') AS subscriptions,
            (SELECT count(*)::integer FROM billing_period JOIN subscription ON subscription.id = subscription_id
             WHERE billing_period.organization_id = $1 AND mode = 'live' AND billing_period.state <> 'closed'
               AND subscription.state = 'canceled') AS "openPeriods",
            (SELECT count(*)::integer FROM invoice WHERE organization_id = $1
               AND state IN ('draft', 'review', 'locked', 'issued', 'past_due')
               AND NOT (state = 'issued' AND carried_at IS NOT NULL AND joins_invoice_id IS NULL)) AS "openInvoices",
            (SELECT count(*)::integer FROM dispute WHERE organization_id = $1 AND closed_at IS NULL)
              + (SELECT count(*)::integer FROM refund WHERE organization_id = $1 AND state = 'pending') AS "openPayments"`,
    [organizationId],
  );
  return row!;
}

/**
 * Holds the organization against everything that could begin in it until the transaction ends; false when there is none that is
 * not deleted.
 */
export async function lockOrganizationToDelete(transaction: Transaction, id: string): Promise<boolean> {
  const rows = await transaction.query('SELECT FROM organization WHERE id = $1 FOR UPDATE', [id]);
  if (rows.length === 0) return false;
  return (await transaction.query('SELECT FROM organization_deletion WHERE organization_id = $1', [id])).length === 0;
}

/** True for an organization that was deleted. */
export async function isOrganizationDeleted(transaction: Transaction, id: string): Promise<boolean> {
  return (await transaction.query('SELECT FROM organization_deletion WHERE organization_id = $1', [id])).length > 0;
}

/** Names and addresses of an organization's members. */
export function listMemberAddresses(
  transaction: Transaction,
  organizationId: string,
): Promise<{ readonly userId: string; readonly name: string; readonly email: string }[]> {
  return transaction.query(
    `SELECT user_id AS "userId", name, email FROM membership JOIN auth."user" AS "user" ON "user".id = user_id
     WHERE organization_id = $1 ORDER BY membership.created_at, user_id`,
    [organizationId],
  );
}

/** What gateways must hear of. */
export interface ErasedOrganization {
  readonly credentialIds: readonly string[];
  readonly identityIds: readonly string[];
  readonly applicationIds: readonly string[];
}

export interface EraseOrganizationInput {
  readonly organizationId: string;
  /** Its name from now on. */
  readonly pseudonym: string;
  /** Free, of the form of slugs. */
  readonly slug: string;
  readonly at: Date;
}

/**
 * Ends an organization that `lockOrganizationToDelete` holds: its keys, identities, members and invitations, and everything
 * that says who it was. Money and usage stay, and invoices say what they said. Needs the system scope.
 */
export async function eraseOrganization(
  transaction: Transaction,
  { organizationId, pseudonym, slug, at }: EraseOrganizationInput,
): Promise<ErasedOrganization> {
  const run = <Row>(sql: string, ...more: readonly unknown[]) => transaction.query<Row>(sql, [organizationId, ...more]);
  const ids = async (sql: string, ...more: readonly unknown[]) =>
    (await run<{ id: string }>(`WITH ended AS (${sql}) SELECT id FROM ended`, ...more)).map(({ id }) => id);
  const credentialIds = await ids(
    `UPDATE credential SET revoked_at = coalesce(revoked_at, $2), name = 'Deleted key', restrictions = NULL
     WHERE organization_id = $1 RETURNING id`,
    at,
  );
  const identityIds = await ids('DELETE FROM application_identity WHERE organization_id = $1 RETURNING id');
  const applicationIds = await ids(
    `UPDATE application SET name = 'Deleted application ' || id, suspended_at = coalesce(suspended_at, $2)
     WHERE organization_id = $1 RETURNING id`,
    at,
  );
  const secrets = await run<{ ids: string[] }>(
    `WITH ended AS (DELETE FROM webhook_endpoint WHERE organization_id = $1 RETURNING secret_id, previous_secret_id)
     SELECT array_remove(ARRAY[secret_id, previous_secret_id], NULL) AS ids FROM ended`,
  );
  await transaction.query('DELETE FROM secret WHERE id = ANY($1::uuid[])', [secrets.flatMap((row) => row.ids)]);
  await run('DELETE FROM membership WHERE organization_id = $1');
  await run(
    `UPDATE invitation SET email = 'deleted-' || id || '@deleted.invalid',
            withdrawn_at = CASE WHEN accepted_at IS NULL THEN coalesce(withdrawn_at, $2) END
     WHERE organization_id = $1`,
    at,
  );
  for (const table of ['plan_invitation', 'credit_top_up', 'dunning_pause', 'replay_record']) {
    await run(`DELETE FROM ${table} WHERE organization_id = $1`);
  }
  await run(
    `UPDATE billing_details SET legal_name = NULL, address_lines = '{}', country = NULL, region = NULL, postal_code = NULL,
            tax_ids = '[]', purchase_order_number = NULL, exemption_reason = NULL WHERE organization_id = $1`,
  );
  await run(
    `UPDATE organization SET name = $2, slug = $3, billing_email = NULL, suspended_at = coalesce(suspended_at, $4)
     WHERE id = $1`,
    pseudonym,
    slug,
    at,
  );
  await run(
    'INSERT INTO organization_deletion (organization_id, pseudonym, deleted_at) VALUES ($1, $2, $3)',
    pseudonym,
    at,
  );
  await run('SELECT erase_organization($1)');
  return { credentialIds, identityIds, applicationIds };
}
