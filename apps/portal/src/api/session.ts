import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

export const sessionKey = ['session'] as const;

/** Who is signed in, with all that decides which areas they see; `user` is null for a visitor. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  staleTime: 60_000,
  queryFn: () => answerOf(client.GET('/api/v1/session')),
});
