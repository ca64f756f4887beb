import { NotFoundError } from '#domain';
import { deleteOtherUserSessions, deleteUserSession } from '#persistence';
import type { ServiceContext } from '../context.js';
import { appendUserChange } from './user-change.js';

/**
 * Ends a session of the person at once.
 * @throws NotFoundError `session_not_found`, for those of others as well
 */
export function endUserSession(
  context: ServiceContext,
  { userId, sessionId }: { readonly userId: string; readonly sessionId: string },
): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    if (!(await deleteUserSession(transaction, userId, sessionId))) throw new NotFoundError('session');
    await appendUserChange(context, transaction, { userId, action: 'ended a session of' });
  });
}

/** Ends every session of the person but the one that asks; returns how many ended. */
export function endOtherUserSessions(
  context: ServiceContext,
  { userId, sessionId }: { readonly userId: string; readonly sessionId: string },
): Promise<number> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const ended = await deleteOtherUserSessions(transaction, userId, sessionId);
    if (ended > 0) {
      await appendUserChange(context, transaction, {
        userId,
        action: 'ended the other sessions of',
        details: { ended },
      });
    }
    return ended;
  });
}
