import { type ApplicationIdentity, ConflictError, type IdentityKind, InvalidError, NotFoundError } from '#domain';
import {
  type Slice,
  type Actor,
  appendChange,
  appendToAuditLog,
  deleteIdentity,
  keepApplication,
  insertIdentity,
  listIdentities as readIdentities,
} from '#persistence';
import type { ServiceContext } from '../context.js';

export interface AddIdentityInput {
  readonly applicationId: string;
  readonly kind: IdentityKind;
  /** Of tokens; null for certificates. */
  readonly issuer: string | null;
  readonly value: string;
  readonly actor: Actor;
}

/**
 * Gives an application a name that it has elsewhere; the gateways know it within a second. For operators only: whoever
 * may claim a name answers for the calls under it.
 * @throws NotFoundError `application_not_found`
 * @throws InvalidError `issuer_missing`, `issuer_not_wanted`
 * @throws ConflictError `identity_taken`
 */
export function addIdentity(context: ServiceContext, input: AddIdentityInput): Promise<ApplicationIdentity> {
  const { applicationId, kind, value, actor } = input;
  if (kind === 'jwt' && !input.issuer) throw new InvalidError('issuer_missing', 'A token’s name needs its issuer.');
  if (kind === 'mtls' && input.issuer) {
    throw new InvalidError(
      'issuer_not_wanted',
      'A certificate’s name has no issuer: the authorities are in GATEWAY_TLS_DIR.',
    );
  }
  const createdAt = context.clock.now();
  return context.unitOfWork.inSystem(async (transaction) => {
    const application = await keepApplication(transaction, applicationId);
    if (!application) throw new NotFoundError('application');
    const { organizationId } = application;
    const issuer = input.issuer ?? '';
    const identity = { id: context.ids.next(), organizationId, applicationId, kind, issuer, value, createdAt };
    if (!(await insertIdentity(transaction, identity)))
      throw new ConflictError('identity_taken', `"${value}" already stands for an application.`);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: 'added',
      noun: 'identity',
      nounId: identity.id,
      details: { applicationId, kind, issuer, value },
      createdAt,
    });
    await appendChange(transaction, 'identity', identity.id, createdAt);
    return identity;
  });
}

/** The identities of an application, or of all, the oldest first, after an id. */
export function listIdentities(
  context: ServiceContext,
  applicationId: string | null,
  slice: Slice = {},
): Promise<ApplicationIdentity[]> {
  return context.unitOfWork.inSystem((transaction) => readIdentities(transaction, applicationId, slice));
}

/**
 * Takes an identity away; the gateways refuse it within a second.
 * @throws NotFoundError `identity_not_found`
 */
export function removeIdentity(
  context: ServiceContext,
  { identityId, actor }: { readonly identityId: string; readonly actor: Actor },
): Promise<ApplicationIdentity> {
  const createdAt = context.clock.now();
  return context.unitOfWork.inSystem(async (transaction) => {
    const identity = await deleteIdentity(transaction, identityId);
    if (!identity) throw new NotFoundError('identity');
    const { organizationId, applicationId, kind, issuer, value } = identity;
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: 'removed',
      noun: 'identity',
      nounId: identityId,
      details: { applicationId, kind, issuer, value },
      createdAt,
    });
    await appendChange(transaction, 'identity', identityId, createdAt);
    return identity;
  });
}
