import {
  ConflictError,
  ForbiddenError,
  type MembershipRole,
  NotFoundError,
  type WebhookEvent,
  roleAllows,
  roleMayAssign,
} from '#domain';
import {
  type Actor,
  type Member,
  type Transaction,
  appendToAuditLog,
  countOwners,
  findMember,
  findMembership,
  lockOrganization,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { emitEvent } from '../webhook/emit-events.js';

/** Who changes members: a member, whose role decides, or the operator at the command line, who may do all. */
export interface MemberManager {
  readonly userId: string | null;
  readonly actor: Actor;
}

/**
 * Holds the organization until the transaction ends and says what the manager's role is then, so that changes of members
 * come one after the other and none is made with a role that is gone. Null for the command line.
 * @throws NotFoundError `organization_not_found`, also for who is no member; ForbiddenError
 */
export async function lockForMemberChange(
  transaction: Transaction,
  organizationId: string,
  manager: MemberManager,
): Promise<MembershipRole | null> {
  if (!(await lockOrganization(transaction, organizationId))) throw new NotFoundError('organization');
  if (manager.userId === null) return null;
  const membership = await findMembership(transaction, organizationId, manager.userId);
  if (!membership) throw new NotFoundError('organization');
  if (!roleAllows(membership.role, 'manage_members')) {
    throw new ForbiddenError(`Your role "${membership.role}" does not manage members. Ask an owner or admin.`);
  }
  return membership.role;
}

/** @throws ForbiddenError when somebody with the role `by` may not make others `role`, or touch those who have it */
export function requireAssignable(by: MembershipRole | null, role: MembershipRole): void {
  if (by === null || roleMayAssign(by, role)) return;
  throw new ForbiddenError(`Only an owner may give, change or take away the role "${role}". Yours is "${by}".`);
}

/** @throws NotFoundError `member_not_found` */
export async function requireMember(transaction: Transaction, organizationId: string, userId: string): Promise<Member> {
  const member = await findMember(transaction, organizationId, userId);
  if (!member) throw new NotFoundError('member');
  return member;
}

/** @throws ConflictError `last_owner` when the member is the only owner; the organization must be locked */
export async function requireAnotherOwner(transaction: Transaction, member: Member): Promise<void> {
  if (member.role !== 'owner' || (await countOwners(transaction, member.organizationId)) > 1) return;
  throw new ConflictError(
    'last_owner',
    `${member.email} is the only owner of the organization. Make somebody else an owner first.`,
  );
}

/** Writes down what happened to a member, and tells the organization's endpoints; `role` is theirs after it, or their last. */
export async function recordMemberChange(
  context: ServiceContext,
  transaction: Transaction,
  { organizationId, userId, role }: Pick<Member, 'organizationId' | 'userId' | 'role'>,
  {
    action,
    event,
    actor,
    details,
  }: {
    readonly action: string;
    readonly event: Extract<WebhookEvent['type'], `member.${string}`>;
    readonly actor: Actor;
    readonly details: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    actor,
    action,
    noun: 'member',
    nounId: userId,
    details,
    createdAt: context.clock.now(),
  });
  await emitEvent(context, transaction, { organizationId, type: event, data: { userId, role } });
}
