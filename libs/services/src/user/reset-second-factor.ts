import { ConflictError, ForbiddenError, NotFoundError } from '#domain';
import {
  type Actor,
  type UserProfile,
  appendToAuditLog,
  deleteOtherUserSessions,
  deleteSecondFactor,
  findUserIdByEmail,
  findUserProfile,
  lockExistingUser,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type WrittenMail, sendMail } from '../mail/send-mail.js';

export interface ResetSecondFactorInput {
  readonly person: { readonly userId: string } | { readonly email: string };
  /** How it was made sure that it is the person who asks. */
  readonly reason: string;
  readonly actor: Actor;
  readonly writeNotice: (user: UserProfile) => WrittenMail;
}

/**
 * Takes two-factor authentication off the account of somebody who has lost it, or whose secret cannot be read any more, ends all
 * their sessions and tells them. The password stays, so that staff gets into no account by it.
 * @throws NotFoundError `user_not_found`; ConflictError `two_factor_off`; ForbiddenError for one's own account
 */
export function resetSecondFactor(
  context: ServiceContext,
  { person, reason, actor, writeNotice }: ResetSecondFactorInput,
): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const userId = 'userId' in person ? person.userId : await findUserIdByEmail(transaction, person.email);
    const isThere = userId !== null && (await lockExistingUser(transaction, userId)) !== null;
    const user = isThere ? await findUserProfile(transaction, userId) : null;
    if (!user) throw new NotFoundError('user');
    // A stolen session of an admin would be rid of the second factor else.
    if (actor.kind === 'user' && actor.id === user.id) {
      throw new ForbiddenError('Turn your own second factor off under Security, or ask another admin.');
    }
    if (!(await deleteSecondFactor(transaction, user.id, context.clock.now()))) {
      throw new ConflictError('two_factor_off', 'Two-factor authentication is not on.');
    }
    const ended = await deleteOtherUserSessions(transaction, user.id, null);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: null,
      actor,
      action: 'reset the second factor of',
      noun: 'user',
      nounId: user.id,
      details: { reason, ended },
      createdAt: context.clock.now(),
    });
    await sendMail(context, transaction, writeNotice(user));
  });
}
