import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

/** What organizations owe: those where it does not add up first, then those who owe the most. */
export const receivablesQuery = queryOptions({
  queryKey: ['finance', 'receivables'],
  queryFn: async () => (await answerOf(client.GET('/api/v1/finance/receivables'))).receivables,
});
