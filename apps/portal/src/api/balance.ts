import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answerOf, client, pageAfter } from './client.js';

export const balanceQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'balance'],
    queryFn: () =>
      answerOf(client.GET('/api/v1/organizations/{organizationId}/balance', { params: { path: { organizationId } } })),
  });

/** The same, for finance: of any organization. */
export const financeBalanceQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['finance', 'balance', organizationId],
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/finance/organizations/{organizationId}/balance', { params: { path: { organizationId } } }),
      ),
  });

export const adjustmentsQuery = infiniteQueryOptions({
  queryKey: ['finance', 'adjustments'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) =>
    answerOf(client.GET('/api/v1/finance/adjustments', { params: { query: pageAfter(pageParam) } })),
  getNextPageParam: ({ next }) => next ?? undefined,
  select: ({ pages }) => pages.flatMap((page) => page.adjustments),
});

export interface AdjustmentProposal {
  /** The slug of the seller in whose balance it is. */
  readonly seller: string;
  readonly currency: string;
  /** Whole minor units: positive in favour of the organization. */
  readonly amountMinor: string;
  readonly reason: string;
}

export function proposeAdjustment(organizationId: string, body: AdjustmentProposal) {
  return answerOf(
    client.POST('/api/v1/finance/organizations/{organizationId}/adjustments', {
      params: { path: { organizationId } },
      body,
    }),
  );
}

export function decideAdjustment(adjustmentId: string, decision: 'approve' | 'refuse') {
  const params = { path: { adjustmentId } };
  return decision === 'approve'
    ? answerOf(client.POST('/api/v1/finance/adjustments/{adjustmentId}/approve', { params }))
    : answerOf(client.POST('/api/v1/finance/adjustments/{adjustmentId}/refuse', { params }));
}
