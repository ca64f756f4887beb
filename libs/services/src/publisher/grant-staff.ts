import { NotFoundError, type StaffRole } from '#domain';
import {
  type Actor,
  appendToAuditLog,
  findPublisherTeam,
  findUserIdByEmail,
  insertPublisherTeamMember,
  insertStaffRole,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/** Either a role of the installation's staff, or a place in a publisher team. */
export type StaffGrant = { readonly role: StaffRole } | { readonly team: string };

/**
 * Makes a signed-up person staff or a member of a publisher team. Returns false when they already were.
 * Throws a NotFoundError for an unknown e-mail address or team.
 */
export async function grantStaff(
  context: ServiceContext,
  { email, grant, actor }: { readonly email: string; readonly grant: StaffGrant; readonly actor: Actor },
): Promise<boolean> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const userId = await findUserIdByEmail(transaction, email);
    if (!userId)
      throw new NotFoundError('user', `Nobody has signed up as ${email}. They sign up first, then get the role.`);
    const createdAt = context.clock.now();
    let granted: boolean;
    if ('role' in grant) {
      granted = await insertStaffRole(transaction, userId, grant.role, createdAt);
    } else {
      const team = await findPublisherTeam(transaction, grant.team);
      if (!team)
        throw new NotFoundError('publisher', `There is no publisher "${grant.team}". \`tollgate apply\` makes one.`);
      granted = await insertPublisherTeamMember(transaction, team.id, userId, createdAt);
    }
    if (granted) {
      await appendToAuditLog(transaction, {
        id: context.ids.next(),
        organizationId: null,
        actor,
        action: 'granted',
        noun: 'role' in grant ? 'staff role' : 'publisher team membership',
        nounId: 'role' in grant ? grant.role : grant.team,
        details: { userId },
        createdAt,
      });
    }
    return granted;
  });
}
