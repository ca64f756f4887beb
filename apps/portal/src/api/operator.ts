import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { MOST_OF_A_PAGE, answerOf, client, everyEntry, pageAfter } from './client.js';
import type { Webhook } from './types.js';

export const gatewaysQuery = queryOptions({
  queryKey: ['operator', 'gateways'],
  queryFn: () =>
    everyEntry(
      (place) =>
        answerOf(client.GET('/api/v1/operator/gateways', { params: { query: pageAfter(place, MOST_OF_A_PAGE) } })),
      (page) => page.gateways,
    ),
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

/** Messages of the payment provider, the newest first, page by page. */
export const webhooksQuery = (state: Webhook['state'] | undefined) =>
  infiniteQueryOptions({
    queryKey: ['operator', 'webhooks', state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        client.GET('/api/v1/operator/webhooks', {
          params: {
            query: { ...(state !== undefined && { state }), ...(pageParam !== undefined && { before: pageParam }) },
          },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

export function replayWebhook(eventId: string) {
  return answerOf(client.POST('/api/v1/operator/webhooks/{eventId}/replay', { params: { path: { eventId } } }));
}
