import {
  ConflictError,
  type Credential,
  InvalidError,
  type Mode,
  NotFoundError,
  type Pepper,
  generateApiKey,
  hashApiKeySecret,
} from '#domain';
import { type Actor, appendChange, appendToAuditLog, findApplication, insertCredential } from '#persistence';
import type { ServiceContext } from '../context.js';

export interface IssueCredentialInput {
  readonly organizationId: string;
  readonly applicationId: string;
  readonly name: string;
  readonly mode: Mode;
  /** When the key stops working; null for never. */
  readonly expiresAt: Date | null;
  /** The first is the current one, which the new key is hashed with. */
  readonly peppers: readonly Pepper[];
  readonly actor: Actor;
}

/** A new key: only here is it whole. */
export interface IssuedCredential {
  readonly credential: Credential;
  readonly key: string;
}

/**
 * Makes a key for an application. The key itself is in the result and nowhere else: what is kept is a peppered hash.
 * @throws NotFoundError `application_not_found`
 * @throws ConflictError `application_suspended`
 * @throws InvalidError `expiry_passed`
 */
export function issueCredential(context: ServiceContext, input: IssueCredentialInput): Promise<IssuedCredential> {
  const createdAt = context.clock.now();
  if (input.expiresAt && input.expiresAt <= createdAt) {
    throw new InvalidError('expiry_passed', `${input.expiresAt.toISOString()} has passed: let the key expire later.`);
  }
  const issued = makeKey(context, input, createdAt);
  return context.unitOfWork.inOrganization(input.organizationId, async (transaction) => {
    const application = await findApplication(transaction, input.applicationId);
    if (!application) throw new NotFoundError('application');
    if (application.suspendedAt) {
      throw new ConflictError('application_suspended', `The application "${application.name}" is suspended.`);
    }
    await insertCredential(transaction, issued.credential);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: input.organizationId,
      actor: input.actor,
      action: 'issued',
      noun: 'credential',
      nounId: issued.credential.id,
      details: { keyId: issued.credential.keyId, mode: input.mode, applicationId: input.applicationId },
      createdAt,
    });
    await appendChange(transaction, 'credential', issued.credential.id, createdAt);
    return issued;
  });
}

function makeKey(context: ServiceContext, input: IssueCredentialInput, createdAt: Date): IssuedCredential {
  const [pepper] = input.peppers;
  if (!pepper) throw new Error('a key cannot be hashed without a pepper');
  const { key, parsed } = generateApiKey(input.mode, context.fillRandom);
  const credential = {
    id: context.ids.next(),
    organizationId: input.organizationId,
    applicationId: input.applicationId,
    keyId: parsed.keyId,
    mode: input.mode,
    name: input.name.trim(),
    secretHash: hashApiKeySecret(parsed.secret, pepper),
    hashAlgorithm: 'peppered_sha256' as const,
    hashSalt: null,
    pepperId: pepper.id,
    importedPrefix: null,
    restrictions: null,
    rotatedFromId: null,
    createdAt,
    expiresAt: input.expiresAt,
    revokedAt: null,
    lastUsedAt: null,
  };
  return { credential, key };
}
