import { ConflictError, NotFoundError, type Pepper } from '#domain';
import {
  type Actor,
  type Transaction,
  appendChange,
  appendToAuditLog,
  insertCredential,
  listTryItCredentials,
  lockApplication,
  markCredentialRevoked,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type IssuedCredential, makeKey } from './make-key.js';
import { requireNotSuspended } from './require-not-suspended.js';

/** How long a key lives that the documentation makes. The database allows no more. */
export const TRY_IT_KEY_SECONDS = 3_600;
/** How many such keys of an application work at the same time. */
export const MAX_TRY_IT_KEYS = 5;

export interface IssueTryItKeyInput {
  readonly organizationId: string;
  readonly applicationId: string;
  readonly peppers: readonly Pepper[];
  readonly actor: Actor;
}

/**
 * Makes a test key for trying out calls from the documentation: for an hour, without a successor, and shown in the list of
 * keys as what it is. An application has few of them at a time: one too many ends the oldest.
 * @throws NotFoundError `application_not_found`
 * @throws ConflictError `organization_suspended`, `application_suspended`
 */
export function issueTryItKey(context: ServiceContext, input: IssueTryItKeyInput): Promise<IssuedCredential> {
  const { organizationId, applicationId, actor } = input;
  const createdAt = context.clock.now();
  const expiresAt = new Date(createdAt.getTime() + TRY_IT_KEY_SECONDS * 1000);
  const issued = makeKey(
    context,
    {
      organizationId,
      applicationId,
      mode: 'test',
      name: 'Try it',
      restrictions: null,
      rotatedFromId: null,
      isTryIt: true,
      createdAt,
      expiresAt,
    },
    input.peppers,
  );
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    // Locked, so that two pages at the same time do not both find room.
    const application = await lockApplication(transaction, applicationId);
    if (!application) throw new NotFoundError('application');
    await requireNotSuspended(transaction, applicationId);
    const log = (action: 'issued' | 'revoked', { id, keyId }: { readonly id: string; readonly keyId: string }) =>
      record(context, transaction, { organizationId, actor, action, id, createdAt, details: { keyId, applicationId } });
    const others = await listTryItCredentials(transaction, applicationId, createdAt);
    for (const old of others.slice(0, Math.max(0, others.length - MAX_TRY_IT_KEYS + 1))) {
      await markCredentialRevoked(transaction, old.id, createdAt);
      await log('revoked', old);
    }
    await insertCredential(transaction, issued.credential);
    await log('issued', issued.credential);
    return issued;
  });
}

/** Why the end of such a key cannot be moved. */
export function tryItKeyFixed(): ConflictError {
  return new ConflictError(
    'try_it_key_fixed',
    'The documentation made this key for an hour of trying out calls: create a key of your own instead.',
  );
}

interface Entry {
  readonly organizationId: string;
  readonly actor: Actor;
  readonly action: 'issued' | 'revoked';
  readonly id: string;
  readonly createdAt: Date;
  readonly details: Readonly<Record<string, unknown>>;
}

async function record(
  context: ServiceContext,
  transaction: Transaction,
  { id, details, ...entry }: Entry,
): Promise<void> {
  const what = { mode: 'test', isTryIt: true, ...details };
  await appendToAuditLog(transaction, {
    ...entry,
    id: context.ids.next(),
    noun: 'credential',
    nounId: id,
    details: what,
  });
  await appendChange(transaction, 'credential', id, entry.createdAt);
}
