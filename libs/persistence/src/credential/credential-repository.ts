import type { Credential } from '#domain';
import { IsNull, MoreThan } from 'typeorm';
import type { Transaction } from '../database/unit-of-work.js';
import { CredentialEntity } from './credential-entity.js';

export async function insertCredential(transaction: Transaction, credential: Credential): Promise<void> {
  await transaction.repository(CredentialEntity).insert(credential);
}

/** The keys of an application, newest first; revoked and expired ones too. */
export function listCredentialsOfApplication(transaction: Transaction, applicationId: string): Promise<Credential[]> {
  return transaction.repository(CredentialEntity).find({ where: { applicationId }, order: { id: 'DESC' } });
}

/** The keys that the documentation made for an application and that work at `at`, the oldest first. */
export function listTryItCredentials(transaction: Transaction, applicationId: string, at: Date): Promise<Credential[]> {
  return transaction.repository(CredentialEntity).find({
    where: { applicationId, isTryIt: true, revokedAt: IsNull(), expiresAt: MoreThan(at) },
    order: { id: 'ASC' },
  });
}

/** The key, locked until the transaction ends; null when there is none. */
export function lockCredential(transaction: Transaction, id: string): Promise<Credential | null> {
  return transaction.repository(CredentialEntity).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
}

export async function markCredentialRevoked(transaction: Transaction, id: string, revokedAt: Date): Promise<void> {
  await transaction.repository(CredentialEntity).update({ id }, { revokedAt });
}

export async function setCredentialExpiry(transaction: Transaction, id: string, expiresAt: Date): Promise<void> {
  await transaction.repository(CredentialEntity).update({ id }, { expiresAt });
}

/** Changes what the key's owner may change of it. */
export async function updateCredentialTerms(
  transaction: Transaction,
  id: string,
  terms: Partial<Pick<Credential, 'name' | 'expiresAt' | 'restrictions'>>,
): Promise<void> {
  await transaction.repository(CredentialEntity).update({ id }, terms);
}

/** True when another key takes over from this one. */
export function hasBeenRotated(transaction: Transaction, id: string): Promise<boolean> {
  return transaction.repository(CredentialEntity).existsBy({ rotatedFromId: id });
}

/** The key with this public part, or null. */
export function findCredentialByKeyId(transaction: Transaction, keyId: string): Promise<Credential | null> {
  return transaction.repository(CredentialEntity).findOneBy({ keyId });
}
