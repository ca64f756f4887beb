import { NotFoundError } from '#domain';
import { type UserProfile, findUserProfile, updateUserName } from '#persistence';
import type { ServiceContext } from '../context.js';
import { appendUserChange } from './user-change.js';

/** @throws NotFoundError `user_not_found` */
export function readUserProfile(context: ServiceContext, userId: string): Promise<UserProfile> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const profile = await findUserProfile(transaction, userId);
    if (!profile) throw new NotFoundError('user');
    return profile;
  });
}

/** Gives the person another name; the audit log has it, without the names. */
export function renameUser(
  context: ServiceContext,
  { userId, name }: { readonly userId: string; readonly name: string },
): Promise<void> {
  return context.unitOfWork.inSystem(async (transaction) => {
    await updateUserName(transaction, userId, { name, at: context.clock.now() });
    await appendUserChange(context, transaction, { userId, action: 'renamed' });
  });
}
