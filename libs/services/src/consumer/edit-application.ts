import { type Application, ConflictError, NotFoundError } from '#domain';
import {
  type Actor,
  type Transaction,
  appendAllToAuditLog,
  appendChange,
  appendChanges,
  appendToAuditLog,
  isNamedByTraffic,
  listSubscribedTitles,
  lockApplication,
  lockApplicationToDelete,
  markApplicationDeleted,
  renameApplication as writeName,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { randomWord } from '../deletion/pseudonym.js';
import { emitEvent } from '../webhook/emit-events.js';
import { applicationNameTaken } from './create-application.js';

/** Characters at most, which the database holds it to. */
const MAX_NAME_LENGTH = 120;

export interface ApplicationChange {
  readonly organizationId: string;
  readonly applicationId: string;
  readonly actor: Actor;
}

export interface RenameApplicationInput extends ApplicationChange {
  readonly name: string;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check: (current: Application) => void;
}

/**
 * Gives an application another name. Its keys, subscriptions and usage stay its own; rules of traffic that name it by
 * "organization/application" go by the new name.
 * @throws NotFoundError `application_not_found`; ConflictError `application_name_taken`; what `check` throws
 */
export function renameApplication(
  context: ServiceContext,
  { organizationId, applicationId, name, check, actor }: RenameApplicationInput,
): Promise<Application> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const current = await lockApplication(transaction, applicationId);
    if (!current) throw new NotFoundError('application');
    check(current);
    if (current.name === name) return current;
    const wasNamed = await isNamedByTraffic(transaction, current);
    if (!(await writeName(transaction, current, name))) throw applicationNameTaken(name);
    const createdAt = context.clock.now();
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: 'renamed',
      noun: 'application',
      nounId: applicationId,
      details: { from: current.name, to: name },
      createdAt,
    });
    await appendChange(transaction, 'application', applicationId, createdAt);
    await tellWhoIsNamed(transaction, { ...current, name }, { wasNamed, at: createdAt });
    return { ...current, name };
  });
}

/**
 * Deletes an application for good: its keys and identities are refused within a second, and its name is free again. What it has called
 * and paid stays, under a name that says that it is deleted.
 * @throws NotFoundError `application_not_found`; ConflictError `application_subscribed` while a subscription is not over
 */
export function deleteApplication(
  context: ServiceContext,
  { organizationId, applicationId, actor }: ApplicationChange,
): Promise<void> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const application = await lockApplicationToDelete(transaction, applicationId);
    if (!application) throw new NotFoundError('application');
    const { name } = application;
    const at = context.clock.now();
    const titles = await listSubscribedTitles(transaction, applicationId, at);
    if (titles.length > 0) {
      throw new ConflictError(
        'application_subscribed',
        `"${name}" is subscribed to ${titles.join(', ')}: cancel that at once, or wait until it has ended, then delete the application.`,
      );
    }
    const wasNamed = await isNamedByTraffic(transaction, application);
    const { credentials, identityIds } = await markApplicationDeleted(transaction, {
      id: applicationId,
      name: deletedName(context, name),
      deletedAt: at,
    });
    const entry = (action: string, noun: string, nounId: string, details: Readonly<Record<string, unknown>>) => ({
      id: context.ids.next(),
      organizationId,
      actor,
      action,
      noun,
      nounId,
      details,
      createdAt: at,
    });
    await appendAllToAuditLog(transaction, [
      entry('deleted', 'application', applicationId, { name, keys: credentials.length }),
      ...credentials.map(({ id, keyId }) => entry('revoked', 'credential', id, { keyId })),
    ]);
    for (const { id: credentialId, keyId } of credentials)
      await emitEvent(context, transaction, { organizationId, type: 'key.revoked', data: { credentialId, keyId } });
    await appendChanges(
      transaction,
      'credential',
      credentials.map(({ id }) => id),
      at,
    );
    await appendChanges(transaction, 'identity', identityIds, at);
    await appendChange(transaction, 'application', applicationId, at);
    await tellWhoIsNamed(transaction, application, { wasNamed, at });
  });
}

/** Tells it apart from one that has its name later. */
function deletedName(context: ServiceContext, name: string): string {
  const mark = ` (deleted ${randomWord(context)})`;
  // By characters, none of which must be cut in two.
  return (
    Array.from(name)
      .slice(0, MAX_NAME_LENGTH - mark.length)
      .join('')
      .trimEnd() + mark
  );
}

/** Gateways know by their ids whom rules of traffic name, before and after a change of the name. */
async function tellWhoIsNamed(
  transaction: Transaction,
  application: Application,
  { wasNamed, at }: { readonly wasNamed: boolean; readonly at: Date },
): Promise<void> {
  if (wasNamed || (await isNamedByTraffic(transaction, application)))
    await appendChange(transaction, 'catalog', 'all', at);
}
