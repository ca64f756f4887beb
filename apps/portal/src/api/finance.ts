import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';
import type { Invoice } from './types.js';

/** Empty fields do not filter. `from` and `to` are ISO instants. */
export interface InvoiceFilter {
  readonly state?: Invoice['state'];
  readonly from?: string;
  readonly to?: string;
}

export const periodsQuery = queryOptions({
  queryKey: ['finance', 'periods'],
  queryFn: async () => (await answerOf(client.GET('/api/v1/finance/periods'))).periods,
});

export const financeInvoicesQuery = (filter: InvoiceFilter) =>
  queryOptions({
    queryKey: ['finance', 'invoices', filter],
    placeholderData: keepPreviousData,
    queryFn: async () =>
      (await answerOf(client.GET('/api/v1/finance/invoices', { params: { query: { ...filter, limit: 200 } } })))
        .invoices,
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
      answerOf(
        client.GET('/api/v1/finance/organizations/{organizationId}/invoice-review', {
          params: { path: { organizationId } },
        }),
      ),
  });

export function setReviewWindow(organizationId: string, hours: number) {
  return answerOf(
    client.PUT('/api/v1/finance/organizations/{organizationId}/invoice-review', {
      params: { path: { organizationId } },
      body: { hours },
    }),
  );
}

/** Ends the review of an invoice: it gets its number and is collected. */
export function issueInvoice(invoiceId: string) {
  return answerOf(client.POST('/api/v1/finance/invoices/{invoiceId}/issue', { params: { path: { invoiceId } } }));
}

export function closePeriods(at: string | null) {
  return answerOf(client.POST('/api/v1/finance/periods/close', { body: at === null ? {} : { at } }));
}

/** Compares gateways' journals, ledger, rollups, invoice lines, invoices and the payment provider. */
export function runVerify() {
  return answerOf(client.GET('/api/v1/finance/verify'));
}

/** What came of the nightly proofs, the newest first. */
export const ledgerProofsQuery = queryOptions({
  queryKey: ['finance', 'proofs'],
  queryFn: async () => (await answerOf(client.GET('/api/v1/finance/verify/proofs'))).proofs,
});

/** Where the browser downloads the invoices that a filter shows. */
export function invoicesCsvHref(filter: InvoiceFilter): string {
  const query = new URLSearchParams({ ...filter }).toString();
  return `/api/v1/finance/invoices.csv${query && `?${query}`}`;
}
