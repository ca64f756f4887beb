import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

export const sessionKey = ['session'] as const;

/** Who is signed in, with all that decides which areas they see; `user` is null for a visitor. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  staleTime: 60_000,
  queryFn: () => answerOf(client.GET('/api/v1/session')),
});

const publicKeys: readonly unknown[] = ['settings', 'session', 'catalog', 'inbox'];

/** Drops all that was loaded for one person, so that the next one on this page never sees it. */
export function forgetPersonalData(queryClient: QueryClient): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => !publicKeys.includes(queryKey[0]) });
}
