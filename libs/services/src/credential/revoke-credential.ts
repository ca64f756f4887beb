import { type Credential, NotFoundError } from '#domain';
import { type Actor, appendChange, appendToAuditLog, lockCredential, markCredentialRevoked } from '#persistence';
import type { ServiceContext } from '../context.js';
import { emitEvent } from '../webhook/emit-events.js';

export interface RevokeCredentialInput {
  readonly organizationId: string;
  readonly credentialId: string;
  readonly actor: Actor;
}

/**
 * Ends a key for good; the gateways learn of it by the change log. Revoking it again changes nothing, not even the time.
 * @throws NotFoundError `credential_not_found`
 */
export function revokeCredential(
  context: ServiceContext,
  { organizationId, credentialId, actor }: RevokeCredentialInput,
): Promise<Credential> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const credential = await lockCredential(transaction, credentialId);
    if (!credential) throw new NotFoundError('credential');
    if (credential.revokedAt) return credential;
    const revokedAt = context.clock.now();
    await markCredentialRevoked(transaction, credentialId, revokedAt);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: 'revoked',
      noun: 'credential',
      nounId: credentialId,
      details: { keyId: credential.keyId },
      createdAt: revokedAt,
    });
    const { keyId } = credential;
    await emitEvent(context, transaction, { organizationId, type: 'key.revoked', data: { credentialId, keyId } });
    await appendChange(transaction, 'credential', credentialId, revokedAt);
    return { ...credential, revokedAt };
  });
}
