import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ApiVersionName, SeenApiVersion } from './api-versions.js';
import { answerOf, client, taggedAnswerOf } from './client.js';
import type { paths } from './schema.generated.js';

type Query = NonNullable<
  paths['/api/v1/publisher/apis/{api}/versions/{version}/traffic']['get']['parameters']['query']
>;

/** The last so many minutes in spans of a size, told apart or not. */
export type TrafficChoice = Pick<Query, 'minutes' | 'bucket' | 'groupBy' | 'limit' | 'operation'>;

/** For how many days traffic and refused calls are kept. */
export const KEPT_DAYS = 31;

/** How often what is live is read again. */
export const LIVE_MS = 5_000;

export const productTrafficQuery = (product: string, choice: TrafficChoice & { readonly apiVersionId?: string }) =>
  queryOptions({
    queryKey: ['publisher', 'product-traffic', product, choice],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/publisher/products/{product}/traffic', { params: { path: { product }, query: choice } }),
      ),
  });

/** Why calls to the APIs of a product were refused in the last so many days, 31 at most. */
export const productRefusedCallsQuery = (
  product: string,
  choice: { readonly days: number; readonly apiVersionId?: string; readonly operation?: string },
) =>
  queryOptions({
    queryKey: ['publisher', 'product-refused-calls', product, choice],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/publisher/products/{product}/refused-calls', {
          params: { path: { product }, query: choice },
        }),
      ),
  });

export const versionTrafficQuery = ({ api, version }: ApiVersionName, choice: TrafficChoice) =>
  queryOptions({
    queryKey: ['publisher', 'version-traffic', api, version, choice],
    placeholderData: keepPreviousData,
    queryFn: () =>
      answerOf(
        client.GET('/api/v1/publisher/apis/{api}/versions/{version}/traffic', {
          params: { path: { api, version }, query: choice },
        }),
      ),
  });

/** Which subsets the calls of a version go to, with the ETag to change the shares by. */
export const versionSplitsQuery = ({ api, version }: ApiVersionName) =>
  queryOptions({
    queryKey: ['publisher', 'version-splits', api, version],
    queryFn: () =>
      taggedAnswerOf(
        client.GET('/api/v1/publisher/apis/{api}/versions/{version}/splits', { params: { path: { api, version } } }),
      ),
  });

export type SharesToSet =
  paths['/api/v1/publisher/apis/{api}/versions/{version}/splits']['patch']['requestBody']['content']['application/json']['splits'];

/** @throws ProblemError `changed_meanwhile`, `shares_invalid` among others */
export function changeShares({ api, version, etag }: SeenApiVersion, splits: SharesToSet) {
  return taggedAnswerOf(
    client.PATCH('/api/v1/publisher/apis/{api}/versions/{version}/splits', {
      params: { path: { api, version }, header: { 'if-match': etag } },
      body: { splits },
    }),
  );
}
