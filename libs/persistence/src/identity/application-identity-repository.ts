import type { ApplicationIdentity } from '#domain';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';

const COLUMNS = `id, organization_id AS "organizationId", application_id AS "applicationId", kind, issuer, value,
  created_at AS "createdAt"`;

/** Adds an identity; false, and nothing added, when some application has it already. */
export async function insertIdentity(transaction: Transaction, identity: ApplicationIdentity): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO application_identity (id, organization_id, application_id, kind, issuer, value, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (kind, issuer, value) DO NOTHING RETURNING 1`,
    [
      identity.id,
      identity.organizationId,
      identity.applicationId,
      identity.kind,
      identity.issuer,
      identity.value,
      identity.createdAt,
    ],
  );
  return rows.length > 0;
}

/** The identities of an application, or of all, the oldest first, after an id. */
export function listIdentities(
  transaction: Transaction,
  applicationId: string | null,
  { after, limit }: Slice = {},
): Promise<ApplicationIdentity[]> {
  return transaction.query<ApplicationIdentity>(
    `SELECT ${COLUMNS} FROM application_identity
     WHERE ($1::uuid IS NULL OR application_id = $1) AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
    [applicationId, after ?? null, limit ?? null],
  );
}

/** Removes an identity and returns what it was; null when there is none. */
export async function deleteIdentity(transaction: Transaction, id: string): Promise<ApplicationIdentity | null> {
  const [row] = await transaction.query<ApplicationIdentity>(
    `WITH removed AS (DELETE FROM application_identity WHERE id = $1 RETURNING *) SELECT ${COLUMNS} FROM removed`,
    [id],
  );
  return row ?? null;
}
