import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';
import { type KnownSession, sessionAfter } from './session-end.js';

export const sessionKey = ['session'] as const;

/** Who is signed in, with all that decides which areas they see; `user` is null for a visitor. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  staleTime: 60_000,
  queryFn: async ({ client: queryClient }) =>
    sessionAfter(queryClient.getQueryData<KnownSession>(sessionKey), await answerOf(client.GET('/api/v1/session'))),
});

/** Reads who is signed in as on a page that has just been opened: whoever was is forgotten. */
export function beginSessionAnew(queryClient: QueryClient): Promise<void> {
  return queryClient.resetQueries({ queryKey: sessionKey, exact: true });
}

const publicKeys: readonly unknown[] = ['settings', 'session', 'catalog', 'inbox'];

/** Drops all that was loaded for one person, so that the next one on this page never sees it. */
export function forgetPersonalData(queryClient: QueryClient): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => !publicKeys.includes(queryKey[0]) });
}
