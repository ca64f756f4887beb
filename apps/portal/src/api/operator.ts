import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

export const gatewaysQuery = queryOptions({
  queryKey: ['operator', 'gateways'],
  queryFn: async () => (await answerOf(client.GET('/api/v1/operator/gateways'))).gateways,
});

export const auditLogQuery = (limit: number) =>
  queryOptions({
    queryKey: ['operator', 'audit-log', limit],
    queryFn: async () =>
      (await answerOf(client.GET('/api/v1/operator/audit-log', { params: { query: { limit } } }))).entries,
  });

/** Moves the clock of a sandbox installation forward. It never goes back. */
export function moveClock(to: string) {
  return answerOf(client.POST('/api/v1/operator/clock', { body: { to } }));
}
