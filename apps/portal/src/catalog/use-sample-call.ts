import { useQuery } from '@tanstack/react-query';
import { documentQuery, productsQuery } from '../api/catalog.js';
import { settingsQuery } from '../api/settings.js';
import type { Product } from '../api/types.js';
import { hasFailed } from '../components/query-state.js';
import { sampleRequestOf } from './sample-request.js';
import { type SnippetCall, baseUrlOf } from './snippets.js';
import { docsHref, latestVersionOf } from './versions.js';

export type SampleCallState =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: unknown; readonly retry: () => void }
  /** There is no request to show; the documentation has more, where there is one. */
  | { readonly state: 'none'; readonly docs: string | null }
  | { readonly state: 'ready'; readonly call: SnippetCall };

/** A request to a product that works with any valid key, made of its document. Without a product: whether one may still come. */
export function useSampleCall(product: Product | undefined): SampleCallState {
  const settings = useQuery(settingsQuery);
  const products = useQuery({ ...productsQuery, enabled: product === undefined });
  const place = product && firstVersion(product);
  const document = useQuery({
    ...documentQuery(place?.api ?? '', place?.version.name ?? ''),
    enabled: place !== null && place !== undefined,
  });
  const needed = product ? (place ? [settings, document] : []) : [products];
  const failed = needed.find(hasFailed);
  if (failed) return { state: 'failed', error: failed.error, retry: () => void failed.refetch() };
  if (!product) return products.data?.length === 0 ? { state: 'none', docs: null } : { state: 'loading' };
  if (!place) return { state: 'none', docs: null };
  if (!settings.data || !document.data) return { state: 'loading' };
  const sample = sampleRequestOf(document.data);
  if (!sample) return { state: 'none', docs: docsHref(place.api, place.version.name) };
  const { method, path, body } = sample;
  const headers = withVersion(sample.headers, place.version.versionHeader);
  const url = `${baseUrlOf(settings.data.gatewayUrl, place.version)}${path}`;
  return { state: 'ready', call: { method, url, headers, body } };
}

/** The header that tells versions apart is in the sample also where calls without it would reach the same version today. */
function withVersion(
  headers: SnippetCall['headers'],
  version: NonNullable<ReturnType<typeof firstVersion>>['version']['versionHeader'],
): SnippetCall['headers'] {
  if (version === null) return headers;
  const { name, value } = version;
  return [{ name, value }, ...headers.filter((one) => one.name.toLowerCase() !== name.toLowerCase())];
}

/** The newest version of its first API that has any. */
function firstVersion({ apis }: Product) {
  for (const api of apis) {
    const version = latestVersionOf(api);
    if (version) return { api: api.slug, version };
  }
  return null;
}
