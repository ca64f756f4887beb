import { type Credential, expiryNoticeAt } from '#domain';
import { IsNull, LessThan, LessThanOrEqual, MoreThan } from 'typeorm';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';
import { CredentialEntity } from './credential-entity.js';

export async function insertCredential(transaction: Transaction, credential: Credential): Promise<void> {
  await transaction.repository(CredentialEntity).insert(withNotice(credential));
}

/** The keys of an application, newest first, after an id; revoked and expired ones too. */
export function listCredentialsOfApplication(
  transaction: Transaction,
  applicationId: string,
  { after, limit }: Slice = {},
): Promise<Credential[]> {
  return transaction.repository(CredentialEntity).find({
    where: { applicationId, ...(after !== undefined && { id: LessThan(after) }) },
    order: { id: 'DESC' },
    ...(limit !== undefined && { take: limit }),
  });
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

/** Changes when the key ends, as it was decided at `decidedAt`. */
export async function setCredentialExpiry(
  transaction: Transaction,
  id: string,
  { expiresAt, decidedAt }: { readonly expiresAt: Date; readonly decidedAt: Date },
): Promise<void> {
  await updateCredentialTerms(transaction, id, { expiresAt }, decidedAt);
}

/** Changes what the key's owner may change of it, as it was decided at `decidedAt`. */
export async function updateCredentialTerms(
  transaction: Transaction,
  id: string,
  terms: Partial<Pick<Credential, 'name' | 'expiresAt' | 'restrictions'>>,
  decidedAt: Date,
): Promise<void> {
  const { expiresAt } = terms;
  const notice = expiresAt !== undefined && { expiryNoticeAt: expiryNoticeAt(expiresAt, decidedAt) };
  await transaction.repository(CredentialEntity).update({ id }, { ...terms, ...notice });
}

/** The key as its row is inserted: with the instant at which owners are told of its end. */
export function withNotice(credential: Credential): Credential & Pick<CredentialEntity, 'expiryNoticeAt'> {
  return { ...credential, expiryNoticeAt: expiryNoticeAt(credential.expiresAt, credential.createdAt) };
}

/**
 * The key whose owners are to be told first that it ends, when that is due at `at`; locked until the transaction ends, and
 * none that another transaction holds.
 */
export function lockExpiringCredential(transaction: Transaction, at: Date): Promise<Credential | null> {
  return transaction.repository(CredentialEntity).findOne({
    where: { expiryNoticeAt: LessThanOrEqual(at) },
    order: { expiryNoticeAt: 'ASC' },
    lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
  });
}

/** Nobody is to be told of the key's end any more. */
export async function clearExpiryNotice(transaction: Transaction, id: string): Promise<void> {
  await transaction.repository(CredentialEntity).update({ id }, { expiryNoticeAt: null });
}

/** True when another key takes over from this one. */
export function hasBeenRotated(transaction: Transaction, id: string): Promise<boolean> {
  return transaction.repository(CredentialEntity).existsBy({ rotatedFromId: id });
}

/** The key with this public part, or null. */
export function findCredentialByKeyId(transaction: Transaction, keyId: string): Promise<Credential | null> {
  return transaction.repository(CredentialEntity).findOneBy({ keyId });
}
