import { NotFoundError, type PublisherTeam } from '#domain';
import {
  type Slice,
  type ListedUser,
  type UserFilter,
  listPublisherTeams as readTeams,
  listUsers as readUsers,
} from '#persistence';
import type { ServiceContext } from '../context.js';

/** A page of the people who have signed up, by address, with all their roles; `next` is null after the last. */
export async function listUsers(
  context: ServiceContext,
  { limit, ...filter }: UserFilter & { readonly limit: number },
): Promise<{ readonly users: readonly ListedUser[]; readonly next: string | null }> {
  const found = await context.unitOfWork.inSystem((transaction) => readUsers(transaction, filter, limit + 1));
  const users = found.slice(0, limit);
  return { users, next: found.length > limit ? users.at(-1)!.email : null };
}

/**
 * One of them.
 * @throws NotFoundError `user_not_found`
 */
export async function findUser(context: ServiceContext, userId: string): Promise<ListedUser> {
  const [user] = await context.unitOfWork.inSystem((transaction) => readUsers(transaction, { userId }, 1));
  if (!user) throw new NotFoundError('user');
  return user;
}

/** Publisher teams by slug, after one. */
export function listPublisherTeams(context: ServiceContext, slice: Slice = {}): Promise<PublisherTeam[]> {
  return context.unitOfWork.inSystem((transaction) => readTeams(transaction, slice));
}
