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

/** Where the browser downloads an invoice from. */
export function invoiceFileHref(organizationId: string, invoiceId: string, format: 'pdf' | 'csv'): string {
  return `/api/v1/organizations/${organizationId}/invoices/${invoiceId}/${format}`;
}
