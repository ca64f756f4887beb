import {
  ConflictError,
  INVITATION_RULES,
  type Invitation,
  type MembershipRole,
  NotFoundError,
  generateInvitationToken,
} from '#domain';
import {
  type OpenInvitation,
  type Transaction,
  appendToAuditLog,
  countInvitationsBy,
  countOpenInvitations,
  insertInvitation,
  isMemberAddress,
  listOpenInvitations,
  lockOpenInvitation,
  renewInvitation,
  withdrawExpiredInvitation,
  withdrawInvitation as markWithdrawn,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type MemberManager, lockForMemberChange, requireAssignable } from './member-change.js';

const DAY_MS = 86_400_000;

/** A page of the invitations that are open, expired ones too, the newest first; `next` is null after the last. */
export async function listInvitations(
  context: ServiceContext,
  organizationId: string,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<{ readonly invitations: readonly OpenInvitation[]; readonly next: string | null }> {
  const found = await context.unitOfWork.inOrganization(organizationId, (transaction) =>
    listOpenInvitations(transaction, organizationId, { before, limit: limit + 1 }),
  );
  const invitations = found.slice(0, limit);
  return { invitations, next: found.length > limit ? invitations.at(-1)!.id : null };
}

export interface InviteInput {
  readonly organizationId: string;
  /** In lower case. */
  readonly email: string;
  readonly role: MembershipRole;
  readonly manager: MemberManager;
}

/** An invitation with the token of its mail, which is nowhere else. */
export interface SentInvitation {
  readonly invitation: Invitation;
  readonly token: string;
}

/**
 * Invites an address, whether somebody has signed up with it or not: the two are not told apart. An expired invitation
 * of the address gives way. The caller sends the mail.
 * @throws ForbiddenError for roles beyond the manager's; ConflictError `already_member`, `already_invited`,
 *   `too_many_invitations`
 */
export function inviteMember(
  context: ServiceContext,
  { organizationId, email, role, manager }: InviteInput,
): Promise<SentInvitation> {
  const { token, hash } = generateInvitationToken(context.fillRandom);
  const now = context.clock.now();
  // The system scope, because what one person sends is counted over all organizations.
  return context.unitOfWork.inSystem(async (transaction) => {
    requireAssignable(await lockForMemberChange(transaction, organizationId, manager), role);
    if (await isMemberAddress(transaction, organizationId, email)) {
      throw new ConflictError(
        'already_member',
        `${email} is a member already. Change the role in the list of members.`,
      );
    }
    await requireInvitationsLeft(transaction, organizationId, manager, now);
    await withdrawExpiredInvitation(transaction, { organizationId, email, at: now });
    const invitation: Invitation = {
      id: context.ids.next(),
      organizationId,
      email,
      role,
      invitedBy: manager.userId,
      createdAt: now,
      sentAt: now,
      expiresAt: new Date(now.getTime() + INVITATION_RULES.lifeMs),
    };
    if (!(await insertInvitation(transaction, { ...invitation, tokenHash: hash }))) {
      throw new ConflictError(
        'already_invited',
        `${email} is invited already. Send that invitation again, or withdraw it.`,
      );
    }
    await audit(context, transaction, invitation, 'invited', manager);
    return { invitation, token };
  });
}

async function requireInvitationsLeft(
  transaction: Transaction,
  organizationId: string,
  { userId }: MemberManager,
  now: Date,
): Promise<void> {
  const { maxOpen, maxPerDay } = INVITATION_RULES;
  if ((await countOpenInvitations(transaction, organizationId, now)) >= maxOpen) {
    throw new ConflictError('too_many_invitations', `${maxOpen} invitations are open. Withdraw some first.`);
  }
  const aDayAgo = new Date(now.getTime() - DAY_MS);
  if (userId !== null && (await countInvitationsBy(transaction, userId, aDayAgo)) >= maxPerDay) {
    throw new ConflictError(
      'too_many_invitations',
      `You have invited ${maxPerDay} people within a day. Go on tomorrow.`,
    );
  }
}

interface InvitationInput {
  readonly organizationId: string;
  readonly invitationId: string;
  readonly manager: MemberManager;
}

/**
 * Makes an open invitation good for another seven days under a new token; links sent before are dead. The caller sends
 * the mail.
 * @throws NotFoundError `invitation_not_found`; ForbiddenError; ConflictError `invitation_just_sent`,
 *   `too_many_invitations` after ten mails
 */
export function resendInvitation(
  context: ServiceContext,
  { organizationId, invitationId, manager }: InvitationInput,
): Promise<SentInvitation> {
  const { token, hash } = generateInvitationToken(context.fillRandom);
  const now = context.clock.now();
  const { resendAfterMs, maxMails, lifeMs } = INVITATION_RULES;
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const role = await lockForMemberChange(transaction, organizationId, manager);
    const found = await lockOpenInvitation(transaction, organizationId, invitationId);
    if (!found) throw new NotFoundError('invitation');
    requireAssignable(role, found.role);
    if (now.getTime() < found.sentAt.getTime() + resendAfterMs) {
      throw new ConflictError('invitation_just_sent', 'This invitation was sent less than a minute ago.');
    }
    if (found.mails >= maxMails) {
      const words = `${found.email} got ${maxMails} mails for this invitation. Withdraw it, and ask them another way.`;
      throw new ConflictError('too_many_invitations', words);
    }
    const renewed = { ...found, sentAt: now, expiresAt: new Date(now.getTime() + lifeMs) };
    await renewInvitation(transaction, found.id, { ...renewed, tokenHash: hash });
    await audit(context, transaction, found, 'sent again', manager);
    return { invitation: renewed, token };
  });
}

/**
 * Ends an open invitation: its link is dead.
 * @throws NotFoundError `invitation_not_found`; ForbiddenError
 */
export function withdrawInvitation(
  context: ServiceContext,
  { organizationId, invitationId, manager }: InvitationInput,
): Promise<void> {
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const role = await lockForMemberChange(transaction, organizationId, manager);
    const found = await lockOpenInvitation(transaction, organizationId, invitationId);
    if (!found) throw new NotFoundError('invitation');
    requireAssignable(role, found.role);
    await markWithdrawn(transaction, found.id, context.clock.now());
    await audit(context, transaction, found, 'withdrawn', manager);
  });
}

async function audit(
  context: ServiceContext,
  transaction: Transaction,
  { id, organizationId, email, role }: Invitation,
  action: string,
  { actor }: MemberManager,
): Promise<void> {
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId,
    actor,
    action,
    noun: 'invitation',
    nounId: id,
    details: { email, role },
    createdAt: context.clock.now(),
  });
}
