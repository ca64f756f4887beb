import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answerOf, client, taggedAnswerOf } from './client.js';

export const unpaidInvoicesQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'unpaid-invoices'],
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/organizations/{organizationId}/unpaid-invoices', { params: { path: { organizationId } } }),
      ),
  });

/** Invoices of all organizations that are past due, page by page. */
export const dunningQuery = infiniteQueryOptions({
  queryKey: ['finance', 'dunning'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) =>
    answerOf(
      client.GET('/api/v1/finance/dunning', {
        params: { query: { ...(pageParam !== undefined && { after: pageParam }) } },
      }),
    ),
  getNextPageParam: ({ next }) => next ?? undefined,
});

export const dunningOfInvoiceQuery = (invoiceId: string) =>
  queryOptions({
    queryKey: ['finance', 'dunning', invoiceId],
    queryFn: () => answerOf(client.GET('/api/v1/finance/dunning/{invoiceId}', { params: { path: { invoiceId } } })),
  });

/** Until when dunning of an organization rests, with the ETag to pause it by. */
export const dunningPauseQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['finance', 'dunning-pause', organizationId],
    queryFn: () =>
      taggedAnswerOf(
        client.GET('/api/v1/finance/organizations/{organizationId}/dunning-pause', {
          params: { path: { organizationId } },
        }),
      ),
  });

/** `until` is an ISO instant. @throws ProblemError `changed_meanwhile` among others */
export function pauseDunning(
  organizationId: string,
  body: { readonly until: string; readonly reason: string },
  etag: string,
) {
  return answerOf(
    client.PUT('/api/v1/finance/organizations/{organizationId}/dunning-pause', {
      params: { path: { organizationId }, header: { 'if-match': etag } },
      body,
    }),
  );
}

export function resumeDunning(organizationId: string) {
  return answerOf(
    client.DELETE('/api/v1/finance/organizations/{organizationId}/dunning-pause', {
      params: { path: { organizationId } },
    }),
  );
}
