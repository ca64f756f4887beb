import { infiniteQueryOptions } from '@tanstack/react-query';
import { answerOf, client, pageAfter } from './client.js';

/** Recorded transfers, the newest first, page by page. */
export const transfersQuery = infiniteQueryOptions({
  queryKey: ['finance', 'transfers'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) =>
    answerOf(
      client.GET('/api/v1/finance/transfers', {
        params: { query: { ...(pageParam !== undefined && { before: pageParam }) } },
      }),
    ),
  getNextPageParam: ({ next }) => next ?? undefined,
});

/** Rows of bank statements that wait for a person. */
export const statementRowsQuery = infiniteQueryOptions({
  queryKey: ['finance', 'bank-statement-rows'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) =>
    answerOf(client.GET('/api/v1/finance/bank-statement-rows', { params: { query: pageAfter(pageParam) } })),
  getNextPageParam: ({ next }) => next ?? undefined,
  select: ({ pages }) => pages.flatMap((page) => page.rows),
});

export interface NewTransfer {
  /** The number or id of an invoice. */
  readonly invoice: string;
  readonly currency: string;
  readonly amountMinor: string;
  readonly valueDate: string;
  readonly reference: string;
  readonly sender: string;
  readonly insist: boolean;
}

/** @throws ProblemError `transfer_recorded` among others, for one that looks the same as another */
export function recordTransfer(body: NewTransfer) {
  return answerOf(client.POST('/api/v1/finance/transfers', { body }));
}

export function reverseTransfer(transferId: string, reason: string) {
  return answerOf(
    client.POST('/api/v1/finance/transfers/{transferId}/reverse', {
      params: { path: { transferId } },
      body: { reason },
    }),
  );
}

export function importStatement(body: { readonly fileName: string; readonly content: string }) {
  return answerOf(client.POST('/api/v1/finance/bank-statements', { body }));
}

/** @throws ProblemError `transfer_recorded` among others */
export function assignStatementRow(hash: string, body: { readonly invoice: string; readonly insist: boolean }) {
  return answerOf(
    client.POST('/api/v1/finance/bank-statement-rows/{hash}/assign', { params: { path: { hash } }, body }),
  );
}

export function putStatementRowAside(hash: string, reason: string) {
  return answerOf(
    client.POST('/api/v1/finance/bank-statement-rows/{hash}/put-aside', {
      params: { path: { hash } },
      body: { reason },
    }),
  );
}
