import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, client, pageAfter } from './client.js';

export interface CreditNoteInput {
  readonly reason: string;
  /** What is given back of which lines; null for all that is left of the invoice. */
  readonly lines: { lineId: string; amountMinor: string }[] | null;
}

export function issueCreditNote(invoiceId: string, body: CreditNoteInput) {
  return answerOf(
    client.POST('/api/v1/finance/invoices/{invoiceId}/credit-notes', { params: { path: { invoiceId } }, body }),
  );
}

/** What a credit note, or a refund, of these lines would be. */
export function creditNotePreviewQuery(invoiceId: string, lines: CreditNoteInput['lines']) {
  return queryOptions({
    queryKey: ['finance', 'credit-note-preview', invoiceId, lines],
    queryFn: () =>
      answerOf(
        client.POST('/api/v1/finance/invoices/{invoiceId}/credit-notes/preview', {
          params: { path: { invoiceId } },
          body: { lines },
        }),
      ),
    retry: false,
    placeholderData: keepPreviousData,
  });
}

/** Nothing changes until another person approves it. */
export function proposeRefund(invoiceId: string, body: CreditNoteInput) {
  return answerOf(
    client.POST('/api/v1/finance/invoices/{invoiceId}/refunds', { params: { path: { invoiceId } }, body }),
  );
}

/** Refunds made in the provider's own pages that no credit note records. */
export const foundRefundsQuery = (invoiceId?: string) =>
  infiniteQueryOptions({
    queryKey: ['finance', 'found-refunds', invoiceId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        client.GET('/api/v1/finance/found-refunds', {
          params: { query: { ...pageAfter(pageParam), ...(invoiceId !== undefined && { invoiceId }) } },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap((page) => page.refunds),
  });

/** Nothing changes until another person approves it. */
export function recordFoundRefund(providerRefundId: string, invoiceId: string, reason: string) {
  return answerOf(
    client.POST('/api/v1/finance/found-refunds/{providerRefundId}/record', {
      params: { path: { providerRefundId } },
      body: { invoiceId, reason },
    }),
  );
}

export const refundProposalsQuery = (invoiceId?: string) =>
  infiniteQueryOptions({
    queryKey: ['finance', 'refund-proposals', invoiceId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        client.GET('/api/v1/finance/refund-proposals', {
          params: { query: { ...pageAfter(pageParam), ...(invoiceId !== undefined && { invoiceId }) } },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap((page) => page.proposals),
  });

export function decideRefund(proposalId: string, decision: 'approve' | 'refuse') {
  const params = { path: { proposalId } };
  return decision === 'approve'
    ? answerOf(client.POST('/api/v1/finance/refund-proposals/{proposalId}/approve', { params }))
    : answerOf(client.POST('/api/v1/finance/refund-proposals/{proposalId}/refuse', { params }));
}

/** Where the browser downloads a credit note from; finance does without the organization. */
export function creditNoteHref(
  invoiceId: string,
  creditNoteId: string,
  organizationId?: string,
  format: 'pdf' | 'ubl' = 'pdf',
): string {
  const scope = organizationId === undefined ? 'finance' : `organizations/${organizationId}`;
  return `/api/v1/${scope}/invoices/${invoiceId}/credit-notes/${creditNoteId}/${format}`;
}
