import type { Credential } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { CredentialEntity } from './credential-entity.js';
import { withNotice } from './credential-repository.js';

const BATCH_ROWS = 1_000;

/** The imported keys with one of these hashes. Needs the system scope. */
export function findImportedCredentials(transaction: Transaction, hashes: readonly Buffer[]): Promise<Credential[]> {
  return transaction
    .repository(CredentialEntity)
    .createQueryBuilder('credential')
    .where(`credential.hash_algorithm = 'sha256' AND credential.secret_hash = ANY(:hashes)`, { hashes })
    .getMany();
}

/** Every salt that an imported key was hashed with. Needs the system scope. */
export async function listImportedSalts(transaction: Transaction): Promise<string[]> {
  const rows = await transaction.query<{ salt: string }>(
    `SELECT DISTINCT hash_salt AS salt FROM credential WHERE hash_algorithm = 'sha256' AND hash_salt IS NOT NULL`,
  );
  return rows.map(({ salt }) => salt);
}

/** Adds many keys; all or none. */
export async function insertCredentials(transaction: Transaction, credentials: readonly Credential[]): Promise<void> {
  for (let start = 0; start < credentials.length; start += BATCH_ROWS) {
    await transaction.repository(CredentialEntity).insert(credentials.slice(start, start + BATCH_ROWS).map(withNotice));
  }
}
