import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from './client.js';

export const invoicesQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'invoices'],
    queryFn: async () =>
      (
        await answerOf(
          client.GET('/api/v1/organizations/{organizationId}/invoices', { params: { path: { organizationId } } }),
        )
      ).invoices,
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
  const scope = organizationId === undefined ? 'finance' : `organizations/${organizationId}`;
  return `/api/v1/${scope}/invoices/${invoiceId}/${format}`;
}
