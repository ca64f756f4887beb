import { ConflictError, NotFoundError, type Organization } from '#domain';
import {
  type Actor,
  appendToAuditLog,
  countOwnedOrganizations,
  findOrganization as readOrganization,
  lockOrganization,
  lockUser,
  updateOrganizationName,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { createOrganizationWithin } from './create-organization.js';

/** So that nobody makes organizations without end. */
const MAX_OWNED_ORGANIZATIONS = 20;

/**
 * Makes another organization of a person, who becomes its owner.
 * @throws ConflictError `too_many_organizations`
 */
export function createOwnOrganization(
  context: ServiceContext,
  { name, userId, actor }: { readonly name: string; readonly userId: string; readonly actor: Actor },
): Promise<Organization> {
  return context.unitOfWork.inSystem(async (transaction) => {
    await lockUser(transaction, userId);
    if ((await countOwnedOrganizations(transaction, userId)) >= MAX_OWNED_ORGANIZATIONS) {
      const words = `You own ${MAX_OWNED_ORGANIZATIONS} organizations, which is as many as anybody may.`;
      throw new ConflictError('too_many_organizations', words);
    }
    return createOrganizationWithin(context, transaction, { name, ownerUserId: userId, actor });
  });
}

/** @throws NotFoundError `organization_not_found` */
export async function findOrganization(context: ServiceContext, organizationId: string): Promise<Organization> {
  const found = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    readOrganization(transaction, organizationId),
  );
  if (!found) throw new NotFoundError('organization');
  return found;
}

export interface RenameOrganizationInput {
  readonly organizationId: string;
  readonly name: string;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check: (current: Organization) => void;
  readonly actor: Actor;
}

/**
 * Gives an organization another name; its slug stays, and invoices that are made keep the name that they carry.
 * @throws NotFoundError `organization_not_found`, and what `check` throws
 */
export function renameOrganization(
  context: ServiceContext,
  { organizationId, name, check, actor }: RenameOrganizationInput,
): Promise<Organization> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const current = await lockOrganization(transaction, organizationId);
    if (!current) throw new NotFoundError('organization');
    check(current);
    if (current.name === name) return current;
    await updateOrganizationName(transaction, organizationId, name);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: 'renamed',
      noun: 'organization',
      nounId: organizationId,
      details: { from: current.name, to: name },
      createdAt: context.clock.now(),
    });
    return { ...current, name };
  });
}
