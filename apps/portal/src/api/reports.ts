import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';
import type { InvoiceFilter } from './finance.js';
import type { Account, ReportName } from './types.js';

/** What a report is of; ISO instants. `at` is of `mrr` only, and the rest has a span. */
export interface ReportSpan {
  readonly from?: string;
  readonly to?: string;
  readonly at?: string;
}

export const exportFormats = [
  { format: 'csv', label: 'CSV' },
  { format: 'xlsx', label: 'Excel' },
  { format: 'ndjson', label: 'JSON' },
] as const;

export type ExportFormat = (typeof exportFormats)[number]['format'];

export const reportQuery = (report: ReportName, span: ReportSpan) =>
  queryOptions({
    queryKey: ['finance', 'reports', report, span],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answerOf(client.GET('/api/v1/finance/reports/{report}', { params: { path: { report }, query: { ...span } } })),
  });

export const accountsQuery = queryOptions({
  queryKey: ['finance', 'accounts'],
  queryFn: async () => (await answerOf(client.GET('/api/v1/finance/accounts'))).accounts,
});

/** Gives an account a number and a name of finance's own chart; null takes them back. @throws ProblemError `changed_meanwhile` among others */
export function nameAccount(
  { account, plan, etag }: Pick<Account, 'account' | 'plan' | 'etag'>,
  named: { number: string; name: string } | null,
) {
  return answerOf(
    client.PUT('/api/v1/finance/accounts/{account}', {
      params: { path: { account }, header: { 'if-match': etag } },
      body: { plan, named },
    }),
  );
}

/** Where the browser downloads all of a report. */
export function reportHref(report: ReportName, format: ExportFormat, span: ReportSpan): string {
  return withQuery(`/api/v1/finance/reports/${report}/${format}`, span);
}

/** Where the browser downloads issued invoices: lines as CSV, whole ones as JSON lines, a workbook with credit notes. */
export function invoicesExportHref(format: ExportFormat, filter: InvoiceFilter): string {
  return withQuery(`/api/v1/finance/invoices.${format}`, filter);
}

/** Where the browser downloads the lines of credit notes, which have no state. */
export function creditNotesExportHref({ state: _state, ...filter }: InvoiceFilter): string {
  return withQuery('/api/v1/finance/credit-notes.csv', filter);
}

function withQuery(path: string, query: ReportSpan | InvoiceFilter): string {
  const text = new URLSearchParams({ ...query }).toString();
  return text === '' ? path : `${path}?${text}`;
}
