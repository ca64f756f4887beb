import {
  InvalidError,
  type KeyRestrictions,
  type Mode,
  NotFoundError,
  type Pepper,
  normalizeRestrictions,
} from '#domain';
import {
  type Actor,
  type Transaction,
  appendChange,
  appendToAuditLog,
  findApiProduct,
  keepApplication,
  insertCredential,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { emitEvent } from '../webhook/emit-events.js';
import { type IssuedCredential, makeKey } from './make-key.js';
import { requireNotSuspended } from './require-not-suspended.js';

export interface IssueCredentialInput {
  readonly organizationId: string;
  readonly applicationId: string;
  readonly name: string;
  readonly mode: Mode;
  /** When the key stops working; null for never. */
  readonly expiresAt: Date | null;
  /** From where and for what it works; absent for everything that the application may. */
  readonly restrictions?: Partial<KeyRestrictions>;
  /** The first is the current one, which the new key is hashed with. */
  readonly peppers: readonly Pepper[];
  readonly actor: Actor;
}

/**
 * Makes a key for an application. The key itself is in the result and nowhere else: what is kept is a peppered hash.
 * @throws NotFoundError `application_not_found`
 * @throws ConflictError `organization_suspended`, `application_suspended`
 * @throws InvalidError `expiry_passed`, and what `normalizeRestrictions` throws
 */
export function issueCredential(context: ServiceContext, input: IssueCredentialInput): Promise<IssuedCredential> {
  const createdAt = context.clock.now();
  checkExpiry(input.expiresAt, createdAt);
  const { organizationId, applicationId, name, mode, expiresAt } = input;
  const restrictions = normalizeRestrictions(input.restrictions ?? {});
  const terms = { organizationId, applicationId, name, mode, restrictions, rotatedFromId: null, createdAt, expiresAt };
  const issued = makeKey(context, terms, input.peppers);
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const application = await keepApplication(transaction, applicationId);
    if (!application) throw new NotFoundError('application');
    await requireNotSuspended(transaction, applicationId);
    await checkProducts(transaction, restrictions?.products ?? []);
    await insertCredential(transaction, issued.credential);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor: input.actor,
      action: 'issued',
      noun: 'credential',
      nounId: issued.credential.id,
      details: { keyId: issued.credential.keyId, mode, applicationId, ...(restrictions && { restrictions }) },
      createdAt,
    });
    const { id: credentialId, keyId } = issued.credential;
    await emitEvent(context, transaction, { organizationId, type: 'key.created', data: { credentialId, keyId } });
    await appendChange(transaction, 'credential', issued.credential.id, createdAt);
    return issued;
  });
}

/** @throws InvalidError `expiry_passed` */
export function checkExpiry(expiresAt: Date | null, now: Date): void {
  if (expiresAt === null || expiresAt > now) return;
  throw new InvalidError('expiry_passed', `${expiresAt.toISOString()} has passed: let the key expire later.`);
}

/** @throws InvalidError `scope_invalid` for a slug that no product has */
export async function checkProducts(transaction: Transaction, slugs: readonly string[]): Promise<void> {
  for (const slug of slugs) {
    if (await findApiProduct(transaction, slug)) continue;
    throw new InvalidError('scope_invalid', `products: there is no API product "${slug}".`);
  }
}
