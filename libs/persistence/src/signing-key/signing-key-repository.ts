import type { SigningKey } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

const KEYS_LOCK = 7_140_011;

/** Lets one writer at a time change the signing keys, until the end of the transaction. */
export async function lockSigningKeys(transaction: Transaction): Promise<void> {
  await transaction.query('SELECT pg_advisory_xact_lock($1)', [KEYS_LOCK]);
}

/** All of them, in the order in which they become active. */
export function listSigningKeys(transaction: Transaction): Promise<SigningKey[]> {
  return transaction.query<SigningKey>(
    `SELECT id, algorithm, public_key AS "publicKey", secret_id AS "secretId", active_from AS "activeFrom",
            created_at AS "createdAt"
     FROM signing_key ORDER BY active_from, id`,
  );
}

export async function insertSigningKey(transaction: Transaction, key: SigningKey): Promise<void> {
  await transaction.query(
    `INSERT INTO signing_key (id, algorithm, public_key, secret_id, active_from, created_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [key.id, key.algorithm, JSON.stringify(key.publicKey), key.secretId, key.activeFrom, key.createdAt],
  );
}

/** Deletes a key and its sealed private part. */
export async function deleteSigningKey(
  transaction: Transaction,
  { id, secretId }: Pick<SigningKey, 'id' | 'secretId'>,
): Promise<void> {
  await transaction.query('DELETE FROM signing_key WHERE id = $1', [id]);
  await transaction.query('DELETE FROM secret WHERE id = $1', [secretId]);
}
