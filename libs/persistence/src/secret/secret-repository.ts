import type { SealedSecret } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

export interface StoredSecret extends SealedSecret {
  readonly id: string;
  readonly purpose: string;
}

export async function insertSecret(transaction: Transaction, secret: StoredSecret, createdAt: Date): Promise<void> {
  await transaction.query(
    'INSERT INTO secret (id, purpose, key_id, nonce, ciphertext, created_at) VALUES ($1, $2, $3, $4, $5, $6)',
    [secret.id, secret.purpose, secret.keyId, secret.nonce, secret.ciphertext, createdAt],
  );
}

export async function findSecret(transaction: Transaction, id: string): Promise<StoredSecret | null> {
  const [row] = await transaction.query<StoredSecret>(
    'SELECT id, purpose, key_id AS "keyId", nonce, ciphertext FROM secret WHERE id = $1',
    [id],
  );
  return row ?? null;
}

export async function deleteSecret(transaction: Transaction, id: string): Promise<void> {
  await transaction.query('DELETE FROM secret WHERE id = $1', [id]);
}

/** Secrets that were sealed with another key than this one, locked, at most `limit`. */
export function lockSecretsNotSealedWith(
  transaction: Transaction,
  keyId: string,
  limit: number,
): Promise<StoredSecret[]> {
  return transaction.query<StoredSecret>(
    `SELECT id, purpose, key_id AS "keyId", nonce, ciphertext FROM secret
     WHERE key_id <> $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [keyId, limit],
  );
}

/** Replaces the seal; the secret itself stays the same. */
export async function resealSecret(transaction: Transaction, id: string, sealed: SealedSecret): Promise<void> {
  await transaction.query('UPDATE secret SET key_id = $2, nonce = $3, ciphertext = $4 WHERE id = $1', [
    id,
    sealed.keyId,
    sealed.nonce,
    sealed.ciphertext,
  ]);
}
