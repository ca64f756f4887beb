import type { ProcessKind } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** What a process said of itself when it started, and when it was last heard of. */
export interface ProcessRow {
  readonly kind: ProcessKind;
  readonly name: string;
  readonly softwareVersion: string;
  readonly nodeVersion: string;
  readonly hostName: string;
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
  /** As it is stored: whoever reads it looks whether it is what it should be. */
  readonly settings: unknown;
}

/** A process that was not heard of for this long is not told of any more: long enough that operators see what is missing. */
const FORGOTTEN_AFTER_MS = 86_400_000;
/** One that starts is in the place of those on its machine that were not heard of for this long. */
const REPLACED_AFTER_MS = 60_000;

/**
 * Writes that a process runs, and at its first heartbeat all that it says of itself, in the place of one of the same kind and name.
 * Forgets processes that are gone: after a day, and, when one starts, those of its kind on its machine after a minute, so that one
 * that crashes again and again leaves few rows.
 */
export async function writeProcess(
  transaction: Transaction,
  row: ProcessRow,
  { isFirst }: { readonly isFirst: boolean },
): Promise<void> {
  const before = (ms: number) => new Date(row.heartbeatAt.getTime() - ms);
  await transaction.query('DELETE FROM running_process WHERE heartbeat_at < $1', [before(FORGOTTEN_AFTER_MS)]);
  if (!isFirst && (await touchProcess(transaction, row))) return;
  await transaction.query('DELETE FROM running_process WHERE kind = $1 AND host_name = $2 AND heartbeat_at < $3', [
    row.kind,
    row.hostName,
    before(REPLACED_AFTER_MS),
  ]);
  await transaction.query(
    `INSERT INTO running_process
       (kind, name, software_version, node_version, host_name, started_at, heartbeat_at, settings)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (kind, name) DO UPDATE SET software_version = $3, node_version = $4, host_name = $5, started_at = $6,
       heartbeat_at = $7, settings = $8`,
    [
      row.kind,
      row.name,
      row.softwareVersion,
      row.nodeVersion,
      row.hostName,
      row.startedAt,
      row.heartbeatAt,
      JSON.stringify(row.settings),
    ],
  );
}

/** False when its row is gone, or of another start. */
async function touchProcess(
  transaction: Transaction,
  { kind, name, startedAt, heartbeatAt }: ProcessRow,
): Promise<boolean> {
  const rows = await transaction.query<{ name: string }>(
    `WITH touched AS (
       UPDATE running_process SET heartbeat_at = $4 WHERE kind = $1 AND name = $2 AND started_at = $3 RETURNING name)
     SELECT name FROM touched`,
    [kind, name, startedAt, heartbeatAt],
  );
  return rows.length === 1;
}

/** Forgets a process, which stops; not a later start of the same name. */
export async function deleteProcess(
  transaction: Transaction,
  { kind, name, startedAt }: Pick<ProcessRow, 'kind' | 'name' | 'startedAt'>,
): Promise<void> {
  await transaction.query('DELETE FROM running_process WHERE kind = $1 AND name = $2 AND started_at = $3', [
    kind,
    name,
    startedAt,
  ]);
}

/** The processes that were heard of last, at most `limit`, by kind and name. */
export function listProcesses(transaction: Transaction, limit: number): Promise<ProcessRow[]> {
  return transaction.query<ProcessRow>(
    `SELECT * FROM (
       SELECT kind, name, software_version AS "softwareVersion", node_version AS "nodeVersion", host_name AS "hostName",
              started_at AS "startedAt", heartbeat_at AS "heartbeatAt", settings
       FROM running_process ORDER BY heartbeat_at DESC, kind, name LIMIT $1) heard
     ORDER BY kind, name`,
    [limit],
  );
}
