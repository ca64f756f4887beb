import { ConflictError, NotFoundError, type PublisherTeam, type StaffRole } from '#domain';
import {
  type Actor,
  type Transaction,
  appendToAuditLog,
  countStaff,
  deletePublisherTeamMember,
  deleteStaffRole,
  findPublisherTeam,
  findUserIdByEmail,
  insertPublisherTeamMember,
  insertStaffRole,
  isUser,
  lockStaffRoles,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/** Either a role of the installation's staff, or a place in a publisher team. */
export type StaffGrant = { readonly role: StaffRole } | { readonly team: string };

/** A signed-up person, by either. */
export type Grantee = { readonly email: string } | { readonly userId: string };

export type StaffGrantInput = Grantee & { readonly grant: StaffGrant; readonly actor: Actor };

/**
 * Makes a signed-up person staff or a member of a publisher team. Returns false when they already were.
 * @throws NotFoundError `user_not_found`, `publisher_not_found`
 */
export function grantStaff(context: ServiceContext, input: StaffGrantInput): Promise<boolean> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const { grant } = input;
    const userId = await requireUser(transaction, input);
    const createdAt = context.clock.now();
    const isNew =
      'role' in grant
        ? await insertStaffRole(transaction, userId, grant.role, createdAt)
        : await insertPublisherTeamMember(
            transaction,
            (await requireTeam(transaction, grant.team)).id,
            userId,
            createdAt,
          );
    if (isNew) await audit(context, transaction, 'granted', userId, input);
    return isNew;
  });
}

/**
 * Takes such a role or place away, from the next request on. Returns false when the person did not have it.
 * @throws NotFoundError `user_not_found`, `publisher_not_found`; ConflictError `last_admin` when an admin would leave none;
 *   at the command line, which can make one again, that is no matter
 */
export function revokeStaff(context: ServiceContext, input: StaffGrantInput): Promise<boolean> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const { grant, actor } = input;
    const userId = await requireUser(transaction, input);
    const wasThere =
      'role' in grant
        ? await revokeRole(transaction, userId, grant.role, actor)
        : await deletePublisherTeamMember(transaction, (await requireTeam(transaction, grant.team)).id, userId);
    if (wasThere) await audit(context, transaction, 'revoked', userId, input);
    return wasThere;
  });
}

async function revokeRole(transaction: Transaction, userId: string, role: StaffRole, actor: Actor): Promise<boolean> {
  await lockStaffRoles(transaction);
  const wasThere = await deleteStaffRole(transaction, userId, role);
  if (wasThere && role === 'admin' && actor.kind === 'user' && (await countStaff(transaction, 'admin')) === 0) {
    throw new ConflictError('last_admin', 'This is the only admin. Make somebody else one first.');
  }
  return wasThere;
}

async function requireUser(transaction: Transaction, grantee: Grantee): Promise<string> {
  if ('userId' in grantee) {
    if (await isUser(transaction, grantee.userId)) return grantee.userId;
    throw new NotFoundError('user');
  }
  const { email } = grantee;
  const userId = await findUserIdByEmail(transaction, email);
  if (userId) return userId;
  throw new NotFoundError('user', `Nobody has signed up as ${email}. They sign up first, then get the role.`);
}

async function requireTeam(transaction: Transaction, slug: string): Promise<PublisherTeam> {
  const team = await findPublisherTeam(transaction, slug);
  if (team) return team;
  throw new NotFoundError('publisher', `There is no publisher "${slug}". \`tollgate apply\` makes one.`);
}

async function audit(
  context: ServiceContext,
  transaction: Transaction,
  action: string,
  userId: string,
  { grant, actor }: StaffGrantInput,
): Promise<void> {
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId: null,
    actor,
    action,
    noun: 'role' in grant ? 'staff role' : 'publisher team membership',
    nounId: 'role' in grant ? grant.role : grant.team,
    details: { userId },
    createdAt: context.clock.now(),
  });
}
