import type { Transaction } from '../database/unit-of-work.js';

export interface ReplayRecordRow {
  readonly key: Buffer;
  readonly organizationId: string;
  readonly claimant: string;
  readonly fingerprint: Buffer;
  readonly expiresAt: Date;
}

/** Claims a key that is free, or whose record has expired; false when it is taken. */
export async function insertReplayRecord(transaction: Transaction, row: ReplayRecordRow, now: Date): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO replay_record AS taken (key, organization_id, claimant, fingerprint, expires_at)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (key) DO UPDATE SET organization_id = excluded.organization_id, claimant = excluded.claimant,
       fingerprint = excluded.fingerprint, answer = NULL, expires_at = excluded.expires_at
     WHERE taken.expires_at <= $6
     RETURNING 1`,
    [row.key, row.organizationId, row.claimant, row.fingerprint, row.expiresAt, now],
  );
  return rows.length > 0;
}

export async function findReplayRecord(
  transaction: Transaction,
  key: Buffer,
): Promise<{ fingerprint: Buffer; answer: Buffer | null } | null> {
  const [row] = await transaction.query<{ fingerprint: Buffer; answer: Buffer | null }>(
    'SELECT fingerprint, answer FROM replay_record WHERE key = $1',
    [key],
  );
  return row ?? null;
}

/** Puts the answer to the call that has claimed the key; nothing when another has it by now. */
export async function completeReplayRecord(
  transaction: Transaction,
  { key, claimant, expiresAt }: Pick<ReplayRecordRow, 'key' | 'claimant' | 'expiresAt'>,
  answer: Buffer,
): Promise<void> {
  await transaction.query(
    'UPDATE replay_record SET answer = $3, expires_at = $4 WHERE key = $1 AND claimant = $2 AND answer IS NULL',
    [key, claimant, answer, expiresAt],
  );
}

/** Frees a key whose call has left no answer. */
export async function deleteReplayClaim(transaction: Transaction, key: Buffer, claimant: string): Promise<void> {
  await transaction.query('DELETE FROM replay_record WHERE key = $1 AND claimant = $2 AND answer IS NULL', [
    key,
    claimant,
  ]);
}

/** Deletes records that have expired, at most `limit`. */
export async function deleteExpiredReplayRecords(transaction: Transaction, now: Date, limit: number): Promise<void> {
  await transaction.query(
    `DELETE FROM replay_record WHERE key IN (
       SELECT key FROM replay_record WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [now, limit],
  );
}
