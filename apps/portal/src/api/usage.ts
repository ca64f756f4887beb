import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { serverClock } from '../clock/server-clock.js';
import { answerOf, client } from './client.js';

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
    queryFn: async () => {
      const to = serverClock.now();
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

function fetchRequests(
  organizationId: string,
  query: UsageFilter & { readonly limit: number; readonly before?: string; readonly requestId?: string },
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
}

const pageSize = 25;

/** The request log page by page, the newest first. */
export const requestLogQuery = (organizationId: string, filter: RequestLogFilter) =>
  infiniteQueryOptions({
    queryKey: ['organization', organizationId, 'usage', 'requests', 'log', filter],
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      fetchRequests(organizationId, { limit: pageSize, ...filter, ...(pageParam ? { before: pageParam } : {}) }),
    getNextPageParam: (page) => page.next,
  });
