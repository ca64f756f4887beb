import type { Transaction } from '../database/unit-of-work.js';

/**
 * What the gateways hold; a change names one of these and its id, and the gateway reads it anew. Of `response_cache` it
 * forgets what the id says.
 */
export type ChangedNoun = 'catalog' | 'application' | 'credential' | 'subscription' | 'identity' | 'response_cache';

export interface Change {
  readonly number: number;
  readonly noun: ChangedNoun;
  readonly nounId: string;
  readonly createdAtMs: number;
}

const CHANGE_LOG_LOCK = 7_140_001;

/** The channel that wakes the gateways after a commit. */
export const CHANGE_CHANNEL = 'tollgate_change';

/**
 * Records a change in the transaction that makes it. The number is drawn under an advisory lock that is held until the
 * commit, so numbers are gapless and become visible in order. Call it last, as the lock serialises writers.
 */
export async function appendChange(
  transaction: Transaction,
  noun: ChangedNoun,
  nounId: string,
  createdAt: Date,
): Promise<void> {
  await transaction.query('SELECT pg_advisory_xact_lock($1)', [CHANGE_LOG_LOCK]);
  await transaction.query(
    `INSERT INTO change_log (number, noun, noun_id, created_at)
     SELECT coalesce(max(number), 0) + 1, $1, $2, $3 FROM change_log`,
    [noun, nounId, createdAt],
  );
  await transaction.query(`SELECT pg_notify($1, '')`, [CHANGE_CHANNEL]);
}

/** Records a change of each of these, as `appendChange` does for one. */
export async function appendChanges(
  transaction: Transaction,
  noun: ChangedNoun,
  nounIds: readonly string[],
  createdAt: Date,
): Promise<void> {
  if (nounIds.length === 0) return;
  await transaction.query('SELECT pg_advisory_xact_lock($1)', [CHANGE_LOG_LOCK]);
  await transaction.query(
    `INSERT INTO change_log (number, noun, noun_id, created_at)
     SELECT (SELECT coalesce(max(number), 0) FROM change_log) + ordinality, $1, id, $3
     FROM unnest($2::text[]) WITH ORDINALITY AS changed (id, ordinality)`,
    [noun, nounIds, createdAt],
  );
  await transaction.query(`SELECT pg_notify($1, '')`, [CHANGE_CHANNEL]);
}

/** Changes after `number`, in order, at most `limit`. */
export async function readChangesAfter(transaction: Transaction, number: number, limit: number): Promise<Change[]> {
  return transaction.query<Change>(
    `SELECT number::integer AS number, noun, noun_id AS "nounId",
            (extract(epoch FROM created_at) * 1000)::float8 AS "createdAtMs"
     FROM change_log WHERE number > $1 ORDER BY number LIMIT $2`,
    [number, limit],
  );
}

/** The newest change's number, 0 before the first. */
export async function readLastChangeNumber(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ number: number | null }>(
    'SELECT max(number)::integer AS number FROM change_log',
  );
  return row?.number ?? 0;
}
