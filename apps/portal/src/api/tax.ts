import { queryOptions } from '@tanstack/react-query';
import { MOST_OF_A_PAGE, answerOf, client, everyEntry, pageAfter, taggedAnswerOf } from './client.js';
import type { BillingDetails, Seller, TaxRate } from './types.js';

export type BillingDetailsChange = Omit<BillingDetails, 'organizationName' | 'exemptionReason' | 'taxIdChecks'>;
export type TaxRateInput = Omit<TaxRate, 'id'>;

export const billingDetailsQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'billing-details'],
    queryFn: () =>
      taggedAnswerOf(
        client.GET('/api/v1/organizations/{organizationId}/billing-details', { params: { path: { organizationId } } }),
      ),
  });

/** @throws ProblemError `changed_meanwhile` among others */
export function changeBillingDetails(organizationId: string, body: BillingDetailsChange, etag: string) {
  return answerOf(
    client.PUT('/api/v1/organizations/{organizationId}/billing-details', {
      params: { path: { organizationId }, header: { 'if-match': etag } },
      body,
    }),
  );
}

/** The same, for finance: of any organization. */
export const financeBillingDetailsQuery = (organizationId: string) =>
  queryOptions({
    queryKey: ['finance', 'billing-details', organizationId],
    queryFn: () =>
      taggedAnswerOf(
        client.GET('/api/v1/finance/organizations/{organizationId}/billing-details', {
          params: { path: { organizationId } },
        }),
      ),
  });

/** Null takes an exemption back. @throws ProblemError `changed_meanwhile` among others */
export function setTaxExemption(organizationId: string, reason: string | null, etag: string) {
  return answerOf(
    client.PUT('/api/v1/finance/organizations/{organizationId}/tax-exemption', {
      params: { path: { organizationId }, header: { 'if-match': etag } },
      body: { reason },
    }),
  );
}

export const sellersQuery = queryOptions({
  queryKey: ['finance', 'sellers'],
  queryFn: () =>
    everyEntry(
      (place) =>
        answerOf(client.GET('/api/v1/finance/sellers', { params: { query: pageAfter(place, MOST_OF_A_PAGE) } })),
      (page) => page.sellers,
    ),
});

/** @throws ProblemError `seller_tax_refused` among others */
export function setSellerTax(sellerSlug: string, tax: Seller['tax']) {
  return answerOf(
    client.PUT('/api/v1/finance/sellers/{sellerSlug}/tax', { params: { path: { sellerSlug } }, body: { tax } }),
  );
}

export function addTaxRate(sellerSlug: string, body: TaxRateInput) {
  return answerOf(
    client.POST('/api/v1/finance/sellers/{sellerSlug}/tax-rates', { params: { path: { sellerSlug } }, body }),
  );
}

/** Null lets it go on. */
export function endTaxRate(taxRateId: string, validTo: string | null) {
  return answerOf(
    client.POST('/api/v1/finance/tax-rates/{taxRateId}/end', { params: { path: { taxRateId } }, body: { validTo } }),
  );
}
