import { ConflictError, NotFoundError, roleAllows } from '#domain';
import {
  type Actor,
  type Transaction,
  appendChanges,
  appendToAuditLog,
  eraseOrganization,
  findMembership,
  findOrganization,
  listMemberAddresses,
  lockOrganizationToDelete,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type WrittenMail, sendMail } from '../mail/send-mail.js';
import { type Hindrance, hindrancesOfOrganization, requireNoHindrance } from './hindrances.js';
import { randomWord } from './pseudonym.js';

/** What keeps an organization from being deleted; empty when nothing does. @throws NotFoundError `organization_not_found` */
export function previewOrganizationDeletion(context: ServiceContext, organizationId: string): Promise<Hindrance[]> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const organization = await findOrganization(transaction, organizationId);
    if (!organization) throw new NotFoundError('organization');
    return hindrancesOfOrganization(transaction, organization);
  });
}

export interface DeleteOrganizationInput {
  readonly organizationId: string;
  /** The name, typed by who wants it. */
  readonly confirmation: string;
  readonly userId: string;
  readonly actor: Actor;
  /** To each member. */
  readonly writeNotice: (
    member: { readonly name: string; readonly email: string },
    organizationName: string,
  ) => WrittenMail;
}

/**
 * Deletes an organization for good: its keys are refused within a second, its members lose it, and what names it is gone. Issued
 * invoices stay as they are, and what finance needs stays under a pseudonym.
 * @throws NotFoundError `organization_not_found`; ConflictError `confirmation_wrong`, `deletion_blocked`
 */
export function deleteOrganization(
  context: ServiceContext,
  { organizationId, confirmation, userId, actor, writeNotice }: DeleteOrganizationInput,
): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const isThere = await lockOrganizationToDelete(transaction, organizationId);
    const membership = isThere ? await findMembership(transaction, organizationId, userId) : null;
    const organization = membership ? await findOrganization(transaction, organizationId) : null;
    if (!organization || !roleAllows(membership!.role, 'delete_organization')) throw new NotFoundError('organization');
    if (confirmation.trim() !== organization.name) {
      throw new ConflictError('confirmation_wrong', `Type the name of the organization: ${organization.name}`);
    }
    requireNoHindrance(await hindrancesOfOrganization(transaction, organization));
    for (const member of await listMemberAddresses(transaction, organizationId)) {
      await sendMail(context, transaction, writeNotice(member, organization.name));
    }
    await deleteOrganizationWithin(context, transaction, { organizationId, actor });
  });
}

/** The same of one that is locked and that nothing keeps, as a part of a larger transaction in the system scope. */
export async function deleteOrganizationWithin(
  context: ServiceContext,
  transaction: Transaction,
  { organizationId, actor }: { readonly organizationId: string; readonly actor: Actor },
): Promise<void> {
  const at = context.clock.now();
  const word = randomWord(context);
  const pseudonym = `Deleted organization ${word}`;
  const slug = `deleted-organization-${word}`;
  const ended = await eraseOrganization(transaction, { organizationId, pseudonym, slug, at });
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    actor,
    action: 'deleted',
    noun: 'organization',
    nounId: organizationId,
    details: { pseudonym, keys: ended.credentialIds.length },
    createdAt: at,
  });
  await appendChanges(transaction, 'credential', ended.credentialIds, at);
  await appendChanges(transaction, 'identity', ended.identityIds, at);
  await appendChanges(transaction, 'application', ended.applicationIds, at);
}
