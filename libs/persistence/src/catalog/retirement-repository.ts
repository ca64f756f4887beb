import type { Transaction } from '../database/unit-of-work.js';

/** Which version is meant, by its name. */
export interface VersionPlace {
  readonly apiId: string;
  readonly name: string;
}

/** The day on which a version is switched off by itself, and how many days before it those whom it concerns were told last. */
export interface Retirement {
  readonly retireOn: string;
  readonly noticedDays: number | null;
}

/** Of which versions a retirement counts: of deprecated ones, on the day that they say. */
const COUNTS = `version.state = 'deprecated' AND version.sunset_on = retirement.retire_on`;

/** Lets a version be switched off by itself on a day, or, for null, not. Another day begins anew with its notices. */
export async function setRetirement(
  transaction: Transaction,
  { apiId, name }: VersionPlace,
  retireOn: string | null,
): Promise<void> {
  if (retireOn === null) {
    await transaction.query(
      `DELETE FROM api_version_retirement WHERE api_version_id = (SELECT id FROM api_version WHERE api_id = $1 AND name = $2)`,
      [apiId, name],
    );
    return;
  }
  await transaction.query(
    `INSERT INTO api_version_retirement AS retirement (api_version_id, retire_on)
     SELECT id, $3 FROM api_version WHERE api_id = $1 AND name = $2
     ON CONFLICT (api_version_id) DO UPDATE SET retire_on = EXCLUDED.retire_on,
       noticed_days = CASE WHEN retirement.retire_on = EXCLUDED.retire_on THEN retirement.noticed_days END`,
    [apiId, name, retireOn],
  );
}

/** The retirement of a version; null when it is not switched off by itself. */
export async function findRetirement(
  transaction: Transaction,
  { apiId, name }: VersionPlace,
): Promise<Retirement | null> {
  const [row] = await transaction.query<Retirement>(
    `SELECT retire_on::text AS "retireOn", noticed_days AS "noticedDays"
     FROM api_version_retirement AS retirement JOIN api_version AS version ON version.id = api_version_id
     WHERE version.api_id = $1 AND version.name = $2 AND ${COUNTS}`,
    [apiId, name],
  );
  return row ?? null;
}

/** The names of the versions of an API that are switched off by themselves. */
export async function listRetiringVersions(transaction: Transaction, apiId: string): Promise<string[]> {
  const rows = await transaction.query<{ name: string }>(
    `SELECT version.name FROM api_version_retirement AS retirement JOIN api_version AS version ON version.id = api_version_id
     WHERE version.api_id = $1 AND ${COUNTS} ORDER BY version.name`,
    [apiId],
  );
  return rows.map(({ name }) => name);
}

/**
 * Versions that are switched off by `through`, or of which those whom it concerns are to be told by then, so many days before as
 * `notices` says; the first to end first, at most `limit`.
 */
export function listDueRetirements(
  transaction: Transaction,
  { through, notices, limit }: { readonly through: Date; readonly notices: readonly number[]; readonly limit: number },
): Promise<{ readonly api: string; readonly version: string }[]> {
  return transaction.query(
    `SELECT api.slug AS api, version.name AS version
     FROM api_version_retirement AS retirement
     JOIN api_version AS version ON version.id = api_version_id JOIN api ON api.id = version.api_id
     WHERE ${COUNTS} AND (retire_on <= $1::date OR EXISTS (
       SELECT FROM unnest($2::int[]) AS notice (days)
       WHERE retire_on - days <= $1::date AND (noticed_days IS NULL OR noticed_days > days)))
     ORDER BY retire_on, version.id LIMIT $3`,
    [through.toISOString().slice(0, 10), notices, limit],
  );
}

/** Writes down that those whom the end of a version concerns were told so many days before it. */
export async function markRetirementNoticed(
  transaction: Transaction,
  apiVersionId: string,
  noticedDays: number,
): Promise<void> {
  await transaction.query('UPDATE api_version_retirement SET noticed_days = $2 WHERE api_version_id = $1', [
    apiVersionId,
    noticedDays,
  ]);
}
