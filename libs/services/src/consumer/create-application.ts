import { type Application, ConflictError } from '#domain';
import {
  type Actor,
  type Transaction,
  appendChange,
  appendToAuditLog,
  insertApplication,
  isNamedByTraffic,
} from '#persistence';
import type { ServiceContext } from '../context.js';

export interface CreateApplicationInput {
  readonly organizationId: string;
  readonly name: string;
  readonly actor: Actor;
}

/**
 * Makes an application of the organization.
 * @throws ConflictError `application_name_taken`
 */
export function createApplication(context: ServiceContext, input: CreateApplicationInput): Promise<Application> {
  return context.unitOfWork.inOrganization(input.organizationId, (transaction) =>
    createApplicationWithin(context, transaction, input),
  );
}

/** The same as a part of a larger transaction. */
export async function createApplicationWithin(
  context: ServiceContext,
  transaction: Transaction,
  { organizationId, name, actor }: CreateApplicationInput,
): Promise<Application> {
  const createdAt = context.clock.now();
  const application = { id: context.ids.next(), organizationId, name: name.trim(), createdAt, suspendedAt: null };
  if (!(await insertApplication(transaction, application))) {
    throw applicationNameTaken(application.name);
  }
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    actor,
    action: 'created',
    noun: 'application',
    nounId: application.id,
    details: { name: application.name },
    createdAt,
  });
  await appendChange(transaction, 'application', application.id, createdAt);
  // Gateways know by their ids whom rules of traffic name. Asked under the lock of the change log: what is said of rules meanwhile comes after it.
  if (await isNamedByTraffic(transaction, application)) await appendChange(transaction, 'catalog', 'all', createdAt);
  return application;
}

/** Why an application cannot have a name. */
export function applicationNameTaken(name: string): ConflictError {
  return new ConflictError('application_name_taken', `There is an application "${name}" already: choose another name.`);
}
