import { infiniteQueryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';
import type { Dispute } from './types.js';

/** Disputes, page by page: of one invoice, or those of all that wait for the bank or for a decision. */
export const disputesQuery = (invoiceId?: string) =>
  infiniteQueryOptions({
    queryKey: ['finance', 'disputes', invoiceId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        client.GET('/api/v1/finance/disputes', {
          params: {
            query: {
              ...(invoiceId === undefined ? { unresolved: 'true' as const } : { invoiceId }),
              ...(pageParam !== undefined && { before: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

/** A write-off waits for the approval of another person. */
export function resolveDispute(
  disputeId: string,
  body: { readonly resolution: NonNullable<Dispute['resolution']>; readonly reason: string },
) {
  return answerOf(
    client.POST('/api/v1/finance/disputes/{disputeId}/resolution', { params: { path: { disputeId } }, body }),
  );
}

export function decideOnDispute(disputeId: string, decision: 'approve' | 'refuse') {
  const params = { path: { disputeId } };
  return decision === 'approve'
    ? answerOf(client.POST('/api/v1/finance/disputes/{disputeId}/resolution/approve', { params }))
    : answerOf(client.POST('/api/v1/finance/disputes/{disputeId}/resolution/refuse', { params }));
}
