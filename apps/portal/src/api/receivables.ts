import { infiniteQueryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

/** What organizations owe, page by page: those where it does not add up first, then those who owe the most. */
export const receivablesQuery = infiniteQueryOptions({
  queryKey: ['finance', 'receivables'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) =>
    answerOf(
      client.GET('/api/v1/finance/receivables', {
        params: { query: pageParam === undefined ? {} : { after: pageParam } },
      }),
    ),
  getNextPageParam: ({ next }) => next ?? undefined,
});
