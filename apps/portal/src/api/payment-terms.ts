import { queryOptions } from '@tanstack/react-query';
import { answerOf, client, taggedAnswerOf } from './client.js';
import type { PaymentTerms } from './types.js';

/** How the organization pays its next invoices. */
export const paymentTermsQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['payment-terms', organizationId],
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/organizations/{organizationId}/payment-terms', { params: { path: { organizationId } } }),
      ),
  });

export const financePaymentTermsQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['finance', 'payment-terms', organizationId],
    queryFn: () =>
      taggedAnswerOf(
        client.GET('/api/v1/finance/organizations/{organizationId}/payment-terms', {
          params: { path: { organizationId } },
        }),
      ),
  });

/** @throws ProblemError `seller_account_missing`, `changed_meanwhile` among others */
export function setPaymentTerms(organizationId: string, body: PaymentTerms, etag: string) {
  return answerOf(
    client.PUT('/api/v1/finance/organizations/{organizationId}/payment-terms', {
      params: { path: { organizationId }, header: { 'if-match': etag } },
      body,
    }),
  );
}
