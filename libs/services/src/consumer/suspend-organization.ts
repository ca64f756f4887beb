import { ConflictError, NotFoundError } from '#domain';
import {
  type Actor,
  appendChanges,
  appendToAuditLog,
  isOrganizationDeleted,
  listApplicationIds,
  lockOrganization,
  updateOrganizationSuspension,
} from '#persistence';
import type { ServiceContext } from '../context.js';

export interface SuspensionInput {
  readonly organizationId: string;
  readonly isSuspended: boolean;
  /** For the audit log. */
  readonly reason: string | null;
  readonly actor: Actor;
}

/**
 * Suspends an organization, or restores it: the gateways refuse the calls of all its applications with 403 within a second;
 * its keys and subscriptions stay as they are. False when it was so already.
 * @throws NotFoundError `organization_not_found`; ConflictError `organization_deleted`
 */
export function suspendOrganization(
  context: ServiceContext,
  { organizationId, isSuspended, reason, actor }: SuspensionInput,
): Promise<boolean> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const organization = await lockOrganization(transaction, organizationId);
    if (!organization) throw new NotFoundError('organization');
    if ((organization.suspendedAt !== null) === isSuspended) return false;
    if (await isOrganizationDeleted(transaction, organizationId)) {
      throw new ConflictError('organization_deleted', 'The organization is deleted, which cannot be undone.');
    }
    const at = context.clock.now();
    await updateOrganizationSuspension(transaction, organizationId, isSuspended ? at : null);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId,
      actor,
      action: isSuspended ? 'suspended' : 'restored',
      noun: 'organization',
      nounId: organizationId,
      details: reason === null ? {} : { reason },
      createdAt: at,
    });
    await appendChanges(transaction, 'application', await listApplicationIds(transaction, organizationId), at);
    return true;
  });
}
