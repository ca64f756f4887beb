import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { MOST_OF_A_PAGE, answerOf, client, everyEntry, pageAfter, pageBefore } from './client.js';
import type { AuditFilter } from './team.js';
import type { Webhook } from './types.js';

/** Few enough that what stands below is in reach on a phone. */
const ENTRIES_OF_A_PAGE = 15;

export const gatewaysQuery = queryOptions({
  queryKey: ['operator', 'gateways'],
  queryFn: () =>
    everyEntry(
      (place) =>
        answerOf(client.GET('/api/v1/operator/gateways', { params: { query: pageAfter(place, MOST_OF_A_PAGE) } })),
      (page) => page.gateways,
    ),
});

/** What is wrong, and who works behind the scenes. */
export const healthQuery = queryOptions({
  queryKey: ['operator', 'health'],
  queryFn: () => answerOf(client.GET('/api/v1/operator/health')),
});

/** What was done, the newest first, page by page. */
export const auditLogQuery = ({ actor, noun }: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['operator', 'audit-log', actor, noun],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        client.GET('/api/v1/operator/audit-log', {
          params: {
            query: { ...(actor && { actor }), ...(noun && { noun }), ...pageBefore(pageParam, ENTRIES_OF_A_PAGE) },
          },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

/** The organizations, in the order of their slugs, page by page. */
export const organizationsQuery = (search: string, isSuspended: boolean) =>
  infiniteQueryOptions({
    queryKey: ['operator', 'organizations', search, isSuspended],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        client.GET('/api/v1/operator/organizations', {
          params: {
            query: {
              ...(search !== '' && { search }),
              ...(isSuspended && { suspended: 'true' }),
              ...pageAfter(pageParam, ENTRIES_OF_A_PAGE),
            },
          },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

/** Refuses the calls of all its applications, until it is restored. */
export function suspendOrganization(organizationId: string, reason: string) {
  return answerOf(
    client.POST('/api/v1/operator/organizations/{organizationId}/suspend', {
      params: { path: { organizationId } },
      body: { reason },
    }),
  );
}

export function restoreOrganization(organizationId: string) {
  return answerOf(
    client.POST('/api/v1/operator/organizations/{organizationId}/restore', {
      params: { path: { organizationId } },
      body: { reason: null },
    }),
  );
}

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
            query: { ...(state !== undefined && { state }), ...pageBefore(pageParam, ENTRIES_OF_A_PAGE) },
          },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

export function replayWebhook(eventId: string) {
  return answerOf(client.POST('/api/v1/operator/webhooks/{eventId}/replay', { params: { path: { eventId } } }));
}
