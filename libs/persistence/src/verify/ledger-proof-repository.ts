import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';

export type LedgerProofKind = 'daily' | 'sample';

/** A day of the ledger that was, or is being, proven. */
export interface LedgerProofRow<Checks = unknown> {
  /** The UTC day, as 2026-11-25. */
  readonly day: string;
  readonly kind: LedgerProofKind;
  readonly startedAt: Date;
  /** Null while it runs, as are the two below. */
  readonly endedAt: Date | null;
  readonly ok: boolean | null;
  readonly checks: Checks | null;
}

const COLUMNS = `to_char(day, 'YYYY-MM-DD') AS day, kind, started_at AS "startedAt", ended_at AS "endedAt", ok, checks`;

/**
 * Takes on the daily proof of a day. False when somebody has, unless that was begun before `abandonedBefore` and never
 * ended: then it is taken over.
 */
export async function beginDailyProof(
  transaction: Transaction,
  {
    day,
    startedAt,
    abandonedBefore,
  }: { readonly day: string; readonly startedAt: Date; readonly abandonedBefore: Date },
): Promise<boolean> {
  const rows = await transaction.query(
    // Two that begin in the same millisecond are in each other's way by the primary key as well, so that no index can be named.
    `WITH begun AS (
       INSERT INTO ledger_proof (day, kind, started_at) VALUES ($1, 'daily', $2) ON CONFLICT DO NOTHING RETURNING true
     ), taken_over AS (
       UPDATE ledger_proof SET started_at = $2
       WHERE day = $1 AND kind = 'daily' AND ended_at IS NULL AND started_at < $3
       RETURNING true
     )
     TABLE begun UNION ALL TABLE taken_over`,
    [day, startedAt, abandonedBefore],
  );
  return rows.length > 0;
}

/** Writes down the proof of an earlier day, all at once. */
export async function insertSampleProof(transaction: Transaction, proof: Omit<LedgerProofRow, 'kind'>): Promise<void> {
  await transaction.query(
    `INSERT INTO ledger_proof (day, kind, started_at, ended_at, ok, checks) VALUES ($1, 'sample', $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [proof.day, proof.startedAt, proof.endedAt, proof.ok, JSON.stringify(proof.checks)],
  );
}

/** Writes down what came of the daily proof of a day that was begun. */
export async function endDailyProof(
  transaction: Transaction,
  { day, endedAt, ok, checks }: Pick<LedgerProofRow, 'day' | 'endedAt' | 'ok' | 'checks'>,
): Promise<void> {
  await transaction.query(
    `UPDATE ledger_proof SET ended_at = $2, ok = $3, checks = $4 WHERE day = $1 AND kind = 'daily'`,
    [day, endedAt, ok, JSON.stringify(checks)],
  );
}

/** Of the days from one to before another, the one whose last proof is the longest ago; null when there is none. */
export async function findLongestUnproven(
  transaction: Transaction,
  { from, before }: { readonly from: string; readonly before: string },
): Promise<string | null> {
  const [row] = await transaction.query<{ day: string }>(
    `SELECT to_char(each.day, 'YYYY-MM-DD') AS day
     FROM generate_series($1::date, $2::date - 1, interval '1 day') AS each (day)
     LEFT JOIN (SELECT day, max(started_at) AS at FROM ledger_proof GROUP BY day) AS proven ON proven.day = each.day::date
     ORDER BY proven.at NULLS FIRST, each.day LIMIT 1`,
    [from, before],
  );
  return row?.day ?? null;
}

/** Proofs, the newest first, after a place in that order. */
export function listLedgerProofs<Checks>(
  transaction: Transaction,
  { after, limit }: Slice<Pick<LedgerProofRow, 'startedAt' | 'day'>>,
): Promise<LedgerProofRow<Checks>[]> {
  return transaction.query(
    `SELECT ${COLUMNS} FROM ledger_proof
     WHERE $1::timestamptz IS NULL OR (started_at, ledger_proof.day) < ($1, $2::date)
     ORDER BY started_at DESC, ledger_proof.day DESC LIMIT $3`,
    [after?.startedAt ?? null, after?.day ?? null, limit ?? null],
  );
}
