import { ConflictError } from '#domain';
import { type Transaction, findSuspension } from '#persistence';

/**
 * Sees to it that no key is made for an application whose calls are refused anyway. Its keys are kept, and can be revoked.
 * @throws ConflictError `organization_suspended`, `application_suspended`
 */
export async function requireNotSuspended(transaction: Transaction, applicationId: string): Promise<void> {
  const suspended = await findSuspension(transaction, applicationId);
  if (!suspended) return;
  const { noun, name } = suspended;
  throw new ConflictError(
    `${noun}_suspended`,
    `The ${noun} "${name}" is suspended, so that no key of it would work: ask the operator of this portal to restore it first. Keys can still be revoked.`,
  );
}
