import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, client, pageAfter, pageBefore, taggedAnswerOf } from './client.js';
import type { BoardState, Invoice } from './types.js';

const ORGANIZATIONS_OF_A_PAGE = 50;

/** Empty fields do not filter. `from` and `to` are ISO instants. */
export interface InvoiceFilter {
  readonly state?: Invoice['state'];
  readonly from?: string;
  readonly to?: string;
  readonly organizationId?: string;
  /** A part of a number or of a name. */
  readonly search?: string;
}

/** How many periods stand where: of a month ("2026-11"), or all that are not done; as if it were `at`. */
export const boardQuery = (month: string | undefined, at?: string) =>
  queryOptions({
    queryKey: ['finance', 'board', month, at],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/finance/periods/board', {
          params: { query: { ...(month !== undefined && { month }), ...(at !== undefined && { at }) } },
        }),
      ),
  });

/** The periods at a state of the board, page by page. */
export const periodsQuery = (state: BoardState, month: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['finance', 'periods', state, month],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        client.GET('/api/v1/finance/periods', {
          params: {
            query: {
              state,
              ...(month !== undefined && { month }),
              ...(pageParam !== undefined && { after: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

/** The invoices of all organizations, or those that are looked for, the newest first, page by page. */
export const financeInvoicesQuery = (filter: InvoiceFilter) =>
  infiniteQueryOptions({
    queryKey: ['finance', 'invoices', filter],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(client.GET('/api/v1/finance/invoices', { params: { query: { ...filter, ...pageBefore(pageParam) } } })),
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap((page) => page.invoices),
  });

/** All organizations, or those with this part of a name, page by page. */
export const financeOrganizationsQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['finance', 'organizations', search],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        client.GET('/api/v1/finance/organizations', {
          params: { query: { ...(search !== '' && { search }), ...pageAfter(pageParam, ORGANIZATIONS_OF_A_PAGE) } },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap((page) => page.organizations),
  });

export const financeOrganizationQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['finance', 'organization', organizationId],
    queryFn: () =>
      answerOf(client.GET('/api/v1/finance/organizations/{organizationId}', { params: { path: { organizationId } } })),
  });

export const financeInvoiceQuery = (invoiceId: string) =>
  queryOptions({
    queryKey: ['finance', 'invoice', invoiceId],
    queryFn: () => answerOf(client.GET('/api/v1/finance/invoices/{invoiceId}', { params: { path: { invoiceId } } })),
  });

export const reviewWindowQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['finance', 'review-window', organizationId],
    queryFn: () =>
      taggedAnswerOf(
        client.GET('/api/v1/finance/organizations/{organizationId}/invoice-review', {
          params: { path: { organizationId } },
        }),
      ),
  });

/** @throws ProblemError `changed_meanwhile` among others */
export function setReviewWindow(organizationId: string, hours: number, etag: string) {
  return answerOf(
    client.PUT('/api/v1/finance/organizations/{organizationId}/invoice-review', {
      params: { path: { organizationId }, header: { 'if-match': etag } },
      body: { hours },
    }),
  );
}

/** Ends the review of an invoice: it gets its number and is collected. */
export function issueInvoice(invoiceId: string) {
  return answerOf(client.POST('/api/v1/finance/invoices/{invoiceId}/issue', { params: { path: { invoiceId } } }));
}

/** Makes an unpaid invoice void, and another of the same period in its place when `reissue` is true. */
export function voidInvoice(invoiceId: string, body: { readonly reason: string; readonly reissue: boolean }) {
  return answerOf(client.POST('/api/v1/finance/invoices/{invoiceId}/void', { params: { path: { invoiceId } }, body }));
}

/** Makes another invoice in the place of a void one. */
export function reissueInvoice(invoiceId: string) {
  return answerOf(client.POST('/api/v1/finance/invoices/{invoiceId}/reissue', { params: { path: { invoiceId } } }));
}

/** Has an invoice that is held built anew at the payment provider. */
export function rebuildInvoice(invoiceId: string) {
  return answerOf(client.POST('/api/v1/finance/invoices/{invoiceId}/rebuild', { params: { path: { invoiceId } } }));
}

export function giveUpInvoice(invoiceId: string, reason: string) {
  return answerOf(
    client.POST('/api/v1/finance/invoices/{invoiceId}/uncollectible', {
      params: { path: { invoiceId } },
      body: { reason },
    }),
  );
}

export interface Closing {
  /** Null for now. */
  readonly at: string | null;
  /** Also what waits for a gateway. */
  readonly releaseIncomplete: boolean;
}

export function closePeriods({ at, releaseIncomplete }: Closing) {
  return answerOf(
    client.POST('/api/v1/finance/periods/close', { body: { releaseIncomplete, ...(at !== null && { at }) } }),
  );
}

/** Compares gateways' journals, ledger, rollups, invoice lines, invoices and the payment provider. */
export function runVerify() {
  return answerOf(client.GET('/api/v1/finance/verify'));
}

/** What came of the nightly proofs, the newest first. */
export const ledgerProofsQuery = infiniteQueryOptions({
  queryKey: ['finance', 'proofs'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) =>
    answerOf(client.GET('/api/v1/finance/verify/proofs', { params: { query: pageAfter(pageParam) } })),
  getNextPageParam: ({ next }) => next ?? undefined,
  select: ({ pages }) => pages.flatMap((page) => page.proofs),
});
