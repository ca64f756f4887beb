import { ConflictError, type Credential, type KeyRestrictions, NotFoundError, normalizeRestrictions } from '#domain';
import {
  type Actor,
  appendChange,
  appendToAuditLog,
  hasBeenRotated,
  lockCredential,
  updateCredentialTerms,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { checkExpiry, checkProducts } from './issue-credential.js';
import { tryItKeyFixed } from './issue-try-it-key.js';

export interface EditCredentialInput {
  readonly organizationId: string;
  readonly credentialId: string;
  /** What is absent stays as it is. */
  readonly name?: string;
  /** When the key stops working; null for never. */
  readonly expiresAt?: Date | null;
  /** All of them anew; null for none. */
  readonly restrictions?: Partial<KeyRestrictions> | null;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check?: (current: Credential) => void;
  readonly actor: Actor;
}

/**
 * Changes the name, the end and the restrictions of a key that works; the gateways follow within a second.
 * @throws NotFoundError `credential_not_found`
 * @throws ConflictError `credential_not_active`, `try_it_key_fixed`; `credential_rotated` for the end of a key that has a successor
 * @throws InvalidError `expiry_passed`, and what `normalizeRestrictions` and `check` throw
 */
export function editCredential(context: ServiceContext, input: EditCredentialInput): Promise<Credential> {
  const { organizationId, credentialId, actor } = input;
  const now = context.clock.now();
  checkExpiry(input.expiresAt ?? null, now);
  const restrictions = input.restrictions === undefined ? undefined : normalizeRestrictions(input.restrictions ?? {});
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const known = await lockCredential(transaction, credentialId);
    if (!known) throw new NotFoundError('credential');
    if (known.revokedAt || (known.expiresAt && known.expiresAt <= now)) {
      throw new ConflictError('credential_not_active', 'This key does not work any more: create a new one.');
    }
    if (known.isTryIt) throw tryItKeyFixed();
    if (input.expiresAt !== undefined && (await hasBeenRotated(transaction, known.id))) {
      throw new ConflictError('credential_rotated', 'This key ends for its successor: its end was decided then.');
    }
    input.check?.(known);
    await checkProducts(transaction, restrictions?.products ?? []);
    const terms = {
      ...(input.name !== undefined && { name: input.name }),
      ...(input.expiresAt !== undefined && { expiresAt: input.expiresAt }),
      ...(restrictions !== undefined && { restrictions }),
    };
    if (Object.keys(terms).length === 0) return known;
    await updateCredentialTerms(transaction, credentialId, terms, now);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: 'edited',
      noun: 'credential',
      nounId: credentialId,
      details: { keyId: known.keyId, ...terms },
      createdAt: now,
    });
    await appendChange(transaction, 'credential', credentialId, now);
    return { ...known, ...terms };
  });
}
