import { ConflictError, type Credential, InvalidError, NotFoundError, type Pepper } from '#domain';
import {
  type Actor,
  appendChange,
  appendToAuditLog,
  hasBeenRotated,
  insertCredential,
  lockCredential,
  setCredentialExpiry,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { emitEvent } from '../webhook/emit-events.js';
import { checkExpiry } from './issue-credential.js';
import { tryItKeyFixed } from './issue-try-it-key.js';
import { type IssuedCredential, makeKey } from './make-key.js';
import { requireNotSuspended } from './require-not-suspended.js';

/** 30 days. */
export const MAX_OVERLAP_SECONDS = 2_592_000;

export interface RotateCredentialInput {
  readonly organizationId: string;
  readonly credentialId: string;
  /** How long the old key goes on working: 0 to `MAX_OVERLAP_SECONDS`. */
  readonly overlapSeconds: number;
  /** Of the new key; absent for the old one's. */
  readonly name?: string;
  /** When the new key stops working; null for never, absent for the lifetime that the old one was made with. */
  readonly expiresAt?: Date | null;
  readonly peppers: readonly Pepper[];
  readonly actor: Actor;
}

/** The new key, whole only here, and the old one with its new end. */
export interface RotatedCredential extends IssuedCredential {
  readonly previous: Credential;
}

/**
 * Gives a key a successor that works at once, for the same application, in the same mode and with the same restrictions.
 * The old key ends after the overlap, or earlier when it would have anyway. A key has one successor.
 * @throws NotFoundError `credential_not_found`
 * @throws ConflictError `credential_not_active`, `credential_rotated`, `try_it_key_fixed`, `organization_suspended`,
 *   `application_suspended`
 * @throws InvalidError `overlap_invalid`, `expiry_passed`
 */
export function rotateCredential(context: ServiceContext, input: RotateCredentialInput): Promise<RotatedCredential> {
  const { organizationId, credentialId, overlapSeconds, peppers, actor } = input;
  const createdAt = context.clock.now();
  if (!Number.isInteger(overlapSeconds) || overlapSeconds < 0 || overlapSeconds > MAX_OVERLAP_SECONDS) {
    throw new InvalidError('overlap_invalid', `The overlap is 0 to ${MAX_OVERLAP_SECONDS} seconds (30 days).`);
  }
  checkExpiry(input.expiresAt ?? null, createdAt);
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const old = await lockCredential(transaction, credentialId);
    if (!old) throw new NotFoundError('credential');
    if (old.revokedAt || (old.expiresAt && old.expiresAt <= createdAt)) {
      throw new ConflictError('credential_not_active', 'This key does not work any more: create a new one.');
    }
    if (old.isTryIt) throw tryItKeyFixed();
    if (await hasBeenRotated(transaction, old.id)) {
      throw new ConflictError('credential_rotated', 'This key has a successor already: rotate that one.');
    }
    await requireNotSuspended(transaction, old.applicationId);
    const { applicationId, mode, restrictions } = old;
    const expiresAt = input.expiresAt === undefined ? sameLifetime(old, createdAt) : input.expiresAt;
    const name = input.name ?? old.name;
    const terms = {
      organizationId,
      applicationId,
      mode,
      name,
      restrictions,
      rotatedFromId: old.id,
      createdAt,
      expiresAt,
    };
    const issued = makeKey(context, terms, peppers);
    const previousExpiresAt = endOf(old, new Date(createdAt.getTime() + overlapSeconds * 1000));
    await insertCredential(transaction, issued.credential);
    await setCredentialExpiry(transaction, old.id, { expiresAt: previousExpiresAt, decidedAt: createdAt });
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: 'rotated',
      noun: 'credential',
      nounId: old.id,
      details: { keyId: old.keyId, successor: issued.credential.keyId, overlapSeconds },
      createdAt,
    });
    await emitEvent(context, transaction, {
      organizationId,
      type: 'key.rotated',
      data: { credentialId: old.id, keyId: old.keyId, successorId: issued.credential.id },
    });
    await appendChange(transaction, 'credential', issued.credential.id, createdAt);
    await appendChange(transaction, 'credential', old.id, createdAt);
    return { ...issued, previous: { ...old, expiresAt: previousExpiresAt } };
  });
}

function sameLifetime(old: Credential, createdAt: Date): Date | null {
  if (old.expiresAt === null) return null;
  return new Date(createdAt.getTime() + (old.expiresAt.getTime() - old.createdAt.getTime()));
}

function endOf({ expiresAt }: Credential, overlapEnd: Date): Date {
  return expiresAt && expiresAt < overlapEnd ? expiresAt : overlapEnd;
}
