import type { RefusedCalls } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import type { TrafficSource } from './traffic-writer.js';

/**
 * Writes what a gateway has refused, in one statement. What it has written of the same hour before is replaced where there are more
 * calls now: see `writeTraffic`. No two of them may be of the same kind.
 */
export async function writeRefusedCalls(
  transaction: Transaction,
  { gatewayId, epoch }: TrafficSource,
  refused: readonly RefusedCalls[],
): Promise<void> {
  const rows = refused.map(({ apiVersionId, applicationId, credentialId, startsAtMs, lastAtMs, ...same }) => ({
    ...same,
    api_version_id: apiVersionId,
    application_id: applicationId,
    credential_id: credentialId,
    starts_at: new Date(startsAtMs),
    last_at: new Date(lastAtMs),
  }));
  await transaction.query(
    `INSERT INTO refused_calls AS written (api_version_id, starts_at, operation, organization_id, application_id, credential_id, mode, code,
       status, gateway_id, epoch, calls, last_at)
     SELECT api_version_id, starts_at, operation, organization_id, application_id, credential_id, mode, code, status, $2, $3, calls, last_at
     FROM jsonb_to_recordset($1::jsonb) AS refused (api_version_id uuid, starts_at timestamptz, operation text, application_id uuid,
       credential_id uuid, mode text, code text, status smallint, calls bigint, last_at timestamptz)
     LEFT JOIN application ON application.id = application_id
     ON CONFLICT ON CONSTRAINT refused_calls_key DO UPDATE SET calls = excluded.calls, last_at = excluded.last_at
     WHERE written.calls < excluded.calls`,
    [JSON.stringify(rows), gatewayId, epoch],
  );
}

/** Deletes refused calls of hours that began before an instant, at most `limit` rows; resolves to how many went. */
export async function deleteRefusedCalls(transaction: Transaction, before: Date, limit: number): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    `WITH old AS (SELECT ctid FROM refused_calls WHERE starts_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED),
       gone AS (DELETE FROM refused_calls WHERE ctid IN (SELECT ctid FROM old) RETURNING 1)
     SELECT count(*)::int AS count FROM gone`,
    [before, limit],
  );
  return row!.count;
}
