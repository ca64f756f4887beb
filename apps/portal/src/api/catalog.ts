import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { MOST_OF_A_PAGE, answerOf, client, everyEntry, pageAfter } from './client.js';

export const productsQuery = queryOptions({
  queryKey: ['catalog', 'products'],
  staleTime: 60_000,
  queryFn: () =>
    everyEntry(
      (place) =>
        answerOf(client.GET('/api/v1/catalog/products', { params: { query: pageAfter(place, MOST_OF_A_PAGE) } })),
      (page) => page.products,
    ),
});

export const productQuery = (slug: string) =>
  queryOptions({
    queryKey: ['catalog', 'product', slug],
    staleTime: 60_000,
    queryFn: () => answerOf(client.GET('/api/v1/catalog/products/{slug}', { params: { path: { slug } } })),
  });

/** What quantities would cost under a plan version, by the engine that rates the invoices. */
export const estimateQuery = (planVersionId: string, quantities: Record<string, string>) =>
  queryOptions({
    queryKey: ['catalog', 'estimate', planVersionId, quantities],
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    queryFn: () =>
      answerOf(
        client.POST('/api/v1/catalog/plan-versions/{id}/estimate', {
          params: { path: { id: planVersionId } },
          body: { quantities },
        }),
      ),
  });

/** The sanitised OpenAPI document of an API version. */
export const documentQuery = (api: string, version: string) =>
  queryOptions({
    queryKey: ['catalog', 'document', api, version],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/apis/{api}/versions/{version}/openapi.json', { params: { path: { api, version } } }),
      ),
  });

/** The terms of a product that are in force; 404 when it has none. */
export const productTermsQuery = (slug: string) =>
  queryOptions({
    queryKey: ['catalog', 'product', slug, 'terms'],
    queryFn: () => answerOf(client.GET('/api/v1/catalog/products/{slug}/terms', { params: { path: { slug } } })),
    retry: false,
  });

/** Operations and guides that have all the words of a text. */
export const searchQuery = (text: string) =>
  queryOptions({
    queryKey: ['catalog', 'search', text],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: async () => (await answerOf(client.GET('/api/v1/search', { params: { query: { q: text } } }))).hits,
  });
