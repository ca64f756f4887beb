import type { MembershipRole } from '#domain';
import {
  type Member,
  type MemberPosition,
  deleteMembership,
  listMembers as readMembers,
  lockOrganization,
  updateMembershipRole,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import {
  type MemberManager,
  lockForMemberChange,
  recordMemberChange,
  requireAnotherOwner,
  requireAssignable,
  requireMember,
} from './member-change.js';

/** A page of an organization's members, the one who joined first at the top; `next` is null after the last. */
export async function listMembers(
  context: ServiceContext,
  organizationId: string,
  { after, limit }: { readonly after?: MemberPosition | undefined; readonly limit: number },
): Promise<{ readonly members: readonly Member[]; readonly next: MemberPosition | null }> {
  const found = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    readMembers(transaction, organizationId, { after, limit: limit + 1 }),
  );
  const members = found.slice(0, limit);
  return { members, next: found.length > limit ? members.at(-1)! : null };
}

interface MemberInput {
  readonly organizationId: string;
  readonly userId: string;
  readonly manager: MemberManager;
}

export interface ChangeMemberRoleInput extends MemberInput {
  readonly role: MembershipRole;
  /** Looks at what is there, locked; throws to refuse the change. */
  readonly check?: (current: Member) => void;
}

/**
 * Gives a member another role; the same one again changes nothing.
 * @throws NotFoundError `member_not_found`; ForbiddenError for roles beyond the manager's; ConflictError `last_owner`, and
 *   what `check` throws
 */
export function changeMemberRole(
  context: ServiceContext,
  { organizationId, userId, role, check, manager }: ChangeMemberRoleInput,
): Promise<Member> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const managerRole = await lockForMemberChange(transaction, organizationId, manager);
    const member = await requireMember(transaction, organizationId, userId);
    requireAssignable(managerRole, member.role);
    requireAssignable(managerRole, role);
    check?.(member);
    if (member.role === role) return member;
    await requireAnotherOwner(transaction, member);
    await updateMembershipRole(transaction, { organizationId, userId, role });
    const details = { from: member.role, to: role };
    const changed = { ...member, role };
    await recordMemberChange(context, transaction, changed, {
      action: 'role changed',
      event: 'member.role_changed',
      actor: manager.actor,
      details,
    });
    return changed;
  });
}

/**
 * Takes a member out of the organization; their account stays.
 * @throws NotFoundError `member_not_found`; ForbiddenError for roles beyond the manager's; ConflictError `last_owner`
 */
export function removeMember(context: ServiceContext, { organizationId, userId, manager }: MemberInput): Promise<void> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const managerRole = await lockForMemberChange(transaction, organizationId, manager);
    const member = await requireMember(transaction, organizationId, userId);
    requireAssignable(managerRole, member.role);
    await requireAnotherOwner(transaction, member);
    await deleteMembership(transaction, member);
    const details = { role: member.role };
    await recordMemberChange(context, transaction, member, {
      action: 'removed',
      event: 'member.removed',
      actor: manager.actor,
      details,
    });
  });
}

/**
 * Lets a member leave.
 * @throws NotFoundError `member_not_found`; ConflictError `last_owner`
 */
export function leaveOrganization(
  context: ServiceContext,
  { organizationId, userId }: { readonly organizationId: string; readonly userId: string },
): Promise<void> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    await lockOrganization(transaction, organizationId);
    const member = await requireMember(transaction, organizationId, userId);
    await requireAnotherOwner(transaction, member);
    await deleteMembership(transaction, member);
    await recordMemberChange(context, transaction, member, {
      action: 'left',
      event: 'member.removed',
      actor: { kind: 'user', id: userId },
      details: { role: member.role },
    });
  });
}
