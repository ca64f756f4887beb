import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

/** How the service is; asked again while anybody looks. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  staleTime: 15_000,
  refetchInterval: 30_000,
  queryFn: () => answerOf(client.GET('/api/v1/status')),
});
