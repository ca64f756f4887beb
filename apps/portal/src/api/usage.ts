import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { serverClock } from '../clock/server-clock.js';
import { type Comparison, type ShownRange, boundsOf } from '../usage/usage-span.js';
import { MOST_OF_A_PAGE, answerOf, client } from './client.js';
import { serverNow } from './settings.js';
import { KEPT_DAYS } from './traffic.js';
import type { UsageGrouping, UsageOutcome } from './types.js';

export interface UsageFilter {
  readonly applicationId?: string;
  readonly credentialId?: string;
}

/** A stretch of time that ends now, and the size of its buckets. */
export interface UsageRange {
  readonly lengthMs: number;
  readonly bucket: 'quarter' | 'hour' | 'day';
}

export const currentUsageQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'usage', 'current'],
    queryFn: async () =>
      (
        await answerOf(
          client.GET('/api/v1/organizations/{organizationId}/usage/current', { params: { path: { organizationId } } }),
        )
      ).subscriptions,
  });

/** Counts per bucket. The range moves with the clock, so its bounds are part of the answer and not of the key. */
export const usageSeriesQuery = (organizationId: string, range: UsageRange, filter: UsageFilter = {}) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'usage', 'series', range, filter],
    placeholderData: keepPreviousData,
    queryFn: async ({ client: queryClient }) => {
      const to = await serverNow(queryClient);
      const from = new Date(to.getTime() - range.lengthMs);
      const { buckets } = await answerOf(
        client.GET('/api/v1/organizations/{organizationId}/usage/series', {
          params: {
            path: { organizationId },
            query: { from: from.toISOString(), to: to.toISOString(), bucket: range.bucket, ...filter },
          },
        }),
      );
      return { fromMs: from.getTime(), toMs: to.getTime(), bucket: range.bucket, buckets };
    },
  });

export type UsageSeries = Awaited<ReturnType<NonNullable<ReturnType<typeof usageSeriesQuery>['queryFn']>>>;

/** What the explorer shows of all usage. */
export interface ExplorerFilter extends UsageFilter {
  readonly apiProductId?: string;
  readonly apiVersionId?: string;
  readonly operation?: string;
  readonly statusClass?: number;
}

export interface BreakdownChoice {
  readonly range: ShownRange;
  readonly groupBy: UsageGrouping;
  readonly filter: ExplorerFilter;
}

/** Usage by group per bucket, of the range or of what it is compared with. */
export const usageBreakdownQuery = (organizationId: string, choice: BreakdownChoice, comparison?: Comparison) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'usage', 'breakdown', choice, comparison],
    placeholderData: keepPreviousData,
    queryFn: async ({ client: queryClient }) => {
      const { from, to } = boundsOf(choice.range, await serverNow(queryClient), comparison);
      const { range, groupBy, filter } = choice;
      const query = { from: from.toISOString(), to: to.toISOString(), bucket: range.bucket, groupBy, ...filter };
      const answer = await answerOf(
        client.GET('/api/v1/organizations/{organizationId}/usage/breakdown', {
          params: { path: { organizationId }, query },
        }),
      );
      return { fromMs: from.getTime(), toMs: to.getTime(), bucket: range.bucket, groupBy, ...answer };
    },
  });

export type UsageBreakdown = Omit<
  Awaited<ReturnType<NonNullable<ReturnType<typeof usageBreakdownQuery>['queryFn']>>>,
  'groupBy'
>;

/** What the filter says of refused calls: they have no product and no class of status. */
export type RefusedFilter = Omit<ExplorerFilter, 'apiProductId' | 'statusClass'>;

/** Why calls of the range were refused, as far back from its end as they are kept. */
export const refusedCallsQuery = (organizationId: string, range: ShownRange, filter: RefusedFilter) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'usage', 'refused', range, filter],
    placeholderData: keepPreviousData,
    queryFn: async ({ client: queryClient }) => {
      const { from, to } = boundsOf(range, await serverNow(queryClient));
      const since = new Date(Math.max(from.getTime(), to.getTime() - KEPT_DAYS * 86_400_000));
      const query = { from: since.toISOString(), to: to.toISOString(), ...filter };
      return answerOf(
        client.GET('/api/v1/organizations/{organizationId}/usage/refused', {
          params: { path: { organizationId }, query },
        }),
      );
    },
  });

/** Where the breakdown is as CSV. */
export function usageBreakdownHref(organizationId: string, choice: BreakdownChoice): string {
  const { from, to } = boundsOf(choice.range, serverClock.now());
  return fileHref(organizationId, 'breakdown', {
    from: from.toISOString(),
    to: to.toISOString(),
    bucket: choice.range.bucket,
    groupBy: choice.groupBy,
    limit: 20,
    ...choice.filter,
  });
}

/** Where the newest requests of the range that match are as CSV, ten thousand at most. */
export function requestLogHref(
  organizationId: string,
  range: ShownRange,
  filter: Omit<RequestLogFilter, 'requestId'>,
): string {
  return fileHref(organizationId, 'requests', { ...instantsOf(range, serverClock.now()), ...filter });
}

function instantsOf(range: ShownRange, now: Date): { readonly from: string; readonly to: string } {
  const { from, to } = boundsOf(range, now);
  return { from: from.toISOString(), to: to.toISOString() };
}

function fileHref(organizationId: string, name: string, query: Readonly<Record<string, string | number>>): string {
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  return `/api/v1/organizations/${organizationId}/usage/${name}.csv?${search.toString()}`;
}

/** The operations that were called in the last 30 days, those with the most calls first. */
export const usedOperationsQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'usage', 'operations'],
    queryFn: async ({ client: queryClient }) => {
      const to = await serverNow(queryClient);
      const from = new Date(to.getTime() - 30 * 86_400_000);
      const query = { from: from.toISOString(), to: to.toISOString(), limit: MOST_OF_A_PAGE };
      return (
        await answerOf(
          client.GET('/api/v1/organizations/{organizationId}/usage/operations', {
            params: { path: { organizationId }, query },
          }),
        )
      ).operations;
    },
  });

function fetchRequests(
  organizationId: string,
  query: RequestLogFilter & {
    readonly limit: number;
    readonly before?: string;
    readonly from?: string;
    readonly to?: string;
  },
) {
  return answerOf(
    client.GET('/api/v1/organizations/{organizationId}/usage/requests', {
      params: { path: { organizationId }, query },
    }),
  );
}

/** The newest requests first. */
export const recentRequestsQuery = (organizationId: string, limit: number) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'usage', 'requests', 'recent', limit],
    queryFn: async () => (await fetchRequests(organizationId, { limit })).requests,
  });

/** One request with the rows that make its total. */
export const usageReceiptQuery = (organizationId: string, requestId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'usage', 'requests', 'receipt', requestId],
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/organizations/{organizationId}/usage/requests/{requestId}', {
          params: { path: { organizationId, requestId } },
        }),
      ),
  });

export interface RequestLogFilter extends UsageFilter {
  readonly requestId?: string;
  readonly apiProductId?: string;
  readonly apiVersionId?: string;
  readonly operation?: string;
  /** "404", or "4xx". */
  readonly status?: string;
  readonly outcome?: UsageOutcome;
}

const pageSize = 25;

/** The request log of a range page by page, the newest first; one that is asked for by its id is found whenever it was. */
export const requestLogQuery = (organizationId: string, range: ShownRange, filter: RequestLogFilter) =>
  infiniteQueryOptions({
    queryKey: ['organization', organizationId, 'usage', 'requests', 'log', range, filter],
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, client: queryClient }) => {
      // A call may be younger than the clock that was read for the end of the range.
      const { from, to } = instantsOf(range, await serverNow(queryClient));
      const span = filter.requestId ? {} : { from, ...('lengthMs' in range ? {} : { to }) };
      const place = pageParam ? { before: pageParam } : {};
      return fetchRequests(organizationId, { limit: pageSize, ...span, ...filter, ...place });
    },
    getNextPageParam: (page) => page.next,
  });
