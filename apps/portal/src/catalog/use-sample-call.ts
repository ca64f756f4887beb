import { useQuery } from '@tanstack/react-query';
import { documentQuery } from '../api/catalog.js';
import { settingsQuery } from '../api/settings.js';
import type { Product } from '../api/types.js';
import { baseUrlOf } from './snippets.js';
import { sampleRequestOf } from './sample-request.js';
import { latestVersionOf } from './versions.js';

/**
 * The address of a request to a product that works with any valid key, found in its document; null until that is
 * known, or when the product has no such request.
 */
export function useSampleCall(product: Product | undefined): string | null {
  const { data: settings } = useQuery(settingsQuery);
  const api = product?.apis[0];
  const version = api && latestVersionOf(api);
  const { data: document } = useQuery({
    ...documentQuery(api?.slug ?? '', version?.name ?? ''),
    enabled: Boolean(version),
  });
  const sample = document && sampleRequestOf(document);
  if (!settings || !version || !sample) return null;
  return `${baseUrlOf(settings.gatewayUrl, version.basePath)}${sample.path}`;
}
