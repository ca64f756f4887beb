import type { SealedSecret } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** A request with an idempotency key that is under way. Hashes are of 32 bytes. */
export interface IdempotencyClaim {
  readonly userId: string;
  readonly keyHash: Buffer;
  readonly requestHash: Buffer;
  readonly claimId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** What is known of a request that has the key; `answer` is null while it has none. */
export interface IdempotencyRecord {
  readonly requestHash: Buffer;
  readonly createdAt: Date;
  readonly answer: { readonly status: number; readonly sealed: SealedSecret } | null;
}

/** Claims a key that is free, or whose record has expired by `createdAt`; false when it is taken. */
export async function claimIdempotencyKey(transaction: Transaction, claim: IdempotencyClaim): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO idempotency_record AS taken (user_id, key_hash, request_hash, claim_id, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (user_id, key_hash) DO UPDATE SET request_hash = excluded.request_hash, claim_id = excluded.claim_id,
       created_at = excluded.created_at, expires_at = excluded.expires_at, status = NULL, sealed_key_id = NULL,
       nonce = NULL, ciphertext = NULL
     WHERE taken.expires_at <= excluded.created_at
     RETURNING 1`,
    [claim.userId, claim.keyHash, claim.requestHash, claim.claimId, claim.createdAt, claim.expiresAt],
  );
  return rows.length > 0;
}

/** What is known of the request with a person's key; null for none. */
export async function findIdempotencyRecord(
  transaction: Transaction,
  { userId, keyHash }: Pick<IdempotencyClaim, 'userId' | 'keyHash'>,
): Promise<IdempotencyRecord | null> {
  const [row] = await transaction.query<{
    requestHash: Buffer;
    createdAt: Date;
    status: number | null;
    keyId: string;
    nonce: Buffer;
    ciphertext: Buffer;
  }>(
    `SELECT request_hash AS "requestHash", created_at AS "createdAt", status, sealed_key_id AS "keyId", nonce, ciphertext
     FROM idempotency_record WHERE user_id = $1 AND key_hash = $2`,
    [userId, keyHash],
  );
  if (!row) return null;
  const { requestHash, createdAt, status, ...sealed } = row;
  return { requestHash, createdAt, answer: status === null ? null : { status, sealed } };
}

/** Writes down what the request of a claim was answered; nothing when the key is another's by now. */
export async function answerIdempotencyClaim(
  transaction: Transaction,
  { userId, keyHash, claimId }: Pick<IdempotencyClaim, 'userId' | 'keyHash' | 'claimId'>,
  { status, sealed }: { readonly status: number; readonly sealed: SealedSecret },
): Promise<void> {
  await transaction.query(
    `UPDATE idempotency_record SET status = $4, sealed_key_id = $5, nonce = $6, ciphertext = $7
     WHERE user_id = $1 AND key_hash = $2 AND claim_id = $3 AND status IS NULL`,
    [userId, keyHash, claimId, status, sealed.keyId, sealed.nonce, sealed.ciphertext],
  );
}

/** Frees the key of a claim that has no answer. */
export async function deleteIdempotencyClaim(
  transaction: Transaction,
  { userId, keyHash, claimId }: Pick<IdempotencyClaim, 'userId' | 'keyHash' | 'claimId'>,
): Promise<void> {
  await transaction.query(
    'DELETE FROM idempotency_record WHERE user_id = $1 AND key_hash = $2 AND claim_id = $3 AND status IS NULL',
    [userId, keyHash, claimId],
  );
}

/** Deletes records that have expired, at most `limit`. */
export async function deleteExpiredIdempotencyRecords(
  transaction: Transaction,
  now: Date,
  limit: number,
): Promise<void> {
  await transaction.query(
    `DELETE FROM idempotency_record WHERE (user_id, key_hash) IN (
       SELECT user_id, key_hash FROM idempotency_record WHERE expires_at <= $1
       ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [now, limit],
  );
}
