import { ForbiddenError, type MembershipRole, NotFoundError, hashInvitationToken } from '#domain';
import {
  type InvitationByToken,
  type Transaction,
  findInvitationByToken,
  findMembership,
  insertMembership,
  lockOpenInvitation,
  lockOrganization,
  markInvitationAccepted,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { recordMemberChange } from './member-change.js';

/** One answer for all that does not work any more; who has the link of a newer mail uses that. */
const DEAD_LINK =
  'This invitation does not work any more: it has expired, was used, was withdrawn, or was sent again with a new link. Ask for another.';

/**
 * The invitation of a link, to show its reader.
 * @throws NotFoundError `invitation_not_found` for any that cannot be accepted
 */
export async function findInvitation(context: ServiceContext, token: string): Promise<InvitationByToken> {
  const found = await context.unitOfWork.inSystem((transaction) =>
    findInvitationByToken(transaction, hashInvitationToken(token)),
  );
  if (!found || !isAlive(found, context.clock.now())) throw new NotFoundError('invitation', DEAD_LINK);
  return found;
}

async function requireByToken(transaction: Transaction, token: string): Promise<InvitationByToken> {
  const found = await findInvitationByToken(transaction, hashInvitationToken(token));
  if (!found) throw new NotFoundError('invitation', DEAD_LINK);
  return found;
}

function isAlive({ acceptedBy, isWithdrawn, expiresAt }: InvitationByToken, at: Date): boolean {
  return acceptedBy === null && !isWithdrawn && expiresAt > at;
}

export interface AcceptInvitationInput {
  readonly token: string;
  /** Who is signed in; their address is verified. */
  readonly user: { readonly id: string; readonly email: string };
}

/**
 * Makes the person who is invited a member, once; a member keeps the role that they have. Accepting again answers the same.
 * @throws NotFoundError `invitation_not_found`; ForbiddenError for anybody but whom the mail went to
 */
export function acceptInvitation(
  context: ServiceContext,
  { token, user }: AcceptInvitationInput,
): Promise<{ readonly organizationId: string; readonly role: MembershipRole }> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const { organizationId } = await requireByToken(transaction, token);
    await lockOrganization(transaction, organizationId);
    // Read while nobody else accepts it: the same person may have done so a moment ago.
    const found = await requireByToken(transaction, token);
    const membership = await findMembership(transaction, organizationId, user.id);
    if (membership && found.acceptedBy === user.id) return { organizationId, role: membership.role };
    const now = context.clock.now();
    const open = await lockOpenInvitation(transaction, organizationId, found.id);
    if (!open || !isAlive(found, now)) throw new NotFoundError('invitation', DEAD_LINK);
    if (user.email.toLowerCase() !== found.email) {
      throw new ForbiddenError(
        `This invitation is for ${found.email}, and you are signed in as ${user.email}. Sign in with that address.`,
      );
    }
    await markInvitationAccepted(transaction, found.id, { userId: user.id, at: now });
    if (!membership) {
      await insertMembership(transaction, { organizationId, userId: user.id, role: found.role, createdAt: now });
    }
    const role = membership?.role ?? found.role;
    await recordMemberChange(
      context,
      transaction,
      { organizationId, userId: user.id, role },
      {
        action: 'joined',
        event: 'member.joined',
        actor: { kind: 'user', id: user.id },
        details: { role, invitationId: found.id },
      },
    );
    return { organizationId, role };
  });
}
