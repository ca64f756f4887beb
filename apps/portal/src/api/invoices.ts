import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answerOf, client, pageAfter, pageBefore } from './client.js';

/** The invoices of an organization, the newest first, page by page. */
export const invoicesQuery = (organizationId: string) =>
  infiniteQueryOptions({
    queryKey: ['organization', organizationId, 'invoices'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answerOf(
        client.GET('/api/v1/organizations/{organizationId}/invoices', {
          params: { path: { organizationId }, query: pageBefore(pageParam) },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap((page) => page.invoices),
  });

export const invoiceQuery = (organizationId: string, invoiceId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'invoices', invoiceId],
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/organizations/{organizationId}/invoices/{invoiceId}', {
          params: { path: { organizationId, invoiceId } },
        }),
      ),
  });

/** Of which organization an invoice is read; finance does without one. */
export interface LinePlace {
  readonly invoiceId: string;
  readonly position: string;
  readonly organizationId?: string;
}

/** What is of a desk or of an organization, so that all of it can be read again at once. */
const scopeOf = (organizationId: string | undefined) =>
  organizationId === undefined ? ['finance'] : ['organization', organizationId];

/** A line, and what the calls behind it come to. All of them are added up for it, so no return to the window does that again. */
export const lineQuery = ({ organizationId, ...line }: LinePlace) =>
  queryOptions({
    queryKey: [...scopeOf(organizationId), 'line', line.invoiceId, line.position],
    refetchOnWindowFocus: false,
    queryFn: () =>
      answerOf(
        organizationId === undefined
          ? client.GET('/api/v1/finance/invoices/{invoiceId}/lines/{position}', { params: { path: line } })
          : client.GET('/api/v1/organizations/{organizationId}/invoices/{invoiceId}/lines/{position}', {
              params: { path: { organizationId, ...line } },
            }),
      ),
  });

/** The calls behind a line, page by page. */
export const lineRequestsQuery = ({ organizationId, ...line }: LinePlace) =>
  infiniteQueryOptions({
    queryKey: [...scopeOf(organizationId), 'line-requests', line.invoiceId, line.position],
    refetchOnWindowFocus: false,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => {
      const query = pageAfter(pageParam);
      return answerOf(
        organizationId === undefined
          ? client.GET('/api/v1/finance/invoices/{invoiceId}/lines/{position}/requests', {
              params: { path: line, query },
            })
          : client.GET('/api/v1/organizations/{organizationId}/invoices/{invoiceId}/lines/{position}/requests', {
              params: { path: { organizationId, ...line }, query },
            }),
      );
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  });

export const invoiceFormats = [
  { format: 'pdf', label: 'PDF' },
  { format: 'csv', label: 'CSV' },
  { format: 'xlsx', label: 'Excel' },
  { format: 'json', label: 'JSON' },
  { format: 'ubl', label: 'E-invoice (UBL)' },
] as const;

export type InvoiceFormat = (typeof invoiceFormats)[number]['format'];

/** Where the browser downloads an invoice from; finance does without the organization. */
export function invoiceFileHref(invoiceId: string, format: InvoiceFormat, organizationId?: string): string {
  return `${invoiceHref(invoiceId, organizationId)}/${format}`;
}

/** Where the browser downloads the calls behind a line from. */
export function lineFileHref({ invoiceId, position, organizationId }: LinePlace): string {
  return `${invoiceHref(invoiceId, organizationId)}/lines/${position}/requests.csv`;
}

function invoiceHref(invoiceId: string, organizationId: string | undefined): string {
  const scope = organizationId === undefined ? 'finance' : `organizations/${organizationId}`;
  return `/api/v1/${scope}/invoices/${invoiceId}`;
}
