import type { LeakAction, LeakPolicy } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

export interface KeyLeakRow {
  readonly credentialId: string;
  readonly organizationId: string;
  readonly reporter: string;
  /** Where the key can be seen; null when it was not said. */
  readonly foundAtUrl: string | null;
  /** What kind of place that is. */
  readonly foundIn: string | null;
  readonly action: LeakAction;
  readonly createdAt: Date;
}

/** Adds the first report of a leaked key; false, and nothing added, for every later one. */
export async function insertKeyLeak(transaction: Transaction, leak: KeyLeakRow): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO key_leak (credential_id, organization_id, reporter, found_at_url, found_in, action, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING 1`,
    [leak.credentialId, leak.organizationId, leak.reporter, leak.foundAtUrl, leak.foundIn, leak.action, leak.createdAt],
  );
  return rows.length > 0;
}

/** What the organization has decided, or null. */
export async function findLeakPolicy(transaction: Transaction, organizationId: string): Promise<LeakPolicy | null> {
  const [row] = await transaction.query<{ policy: LeakPolicy }>(
    'SELECT policy FROM leak_policy WHERE organization_id = $1',
    [organizationId],
  );
  return row?.policy ?? null;
}

export async function saveLeakPolicy(
  transaction: Transaction,
  organizationId: string,
  policy: LeakPolicy,
  updatedAt: Date,
): Promise<void> {
  await transaction.query(
    `INSERT INTO leak_policy (organization_id, policy, updated_at) VALUES ($1, $2, $3)
     ON CONFLICT ON CONSTRAINT leak_policy_pk DO UPDATE SET policy = $2, updated_at = $3`,
    [organizationId, policy, updatedAt],
  );
}

/** The addresses of the organization's owners. Needs the system scope. */
export async function listOwnerEmails(transaction: Transaction, organizationId: string): Promise<string[]> {
  const rows = await transaction.query<{ email: string }>(
    `SELECT "user".email FROM membership JOIN auth."user" AS "user" ON "user".id = user_id
     WHERE organization_id = $1 AND role = 'owner' ORDER BY "user".email`,
    [organizationId],
  );
  return rows.map(({ email }) => email);
}
