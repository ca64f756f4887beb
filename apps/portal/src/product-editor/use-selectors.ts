import { useQueries } from '@tanstack/react-query';
import { apiVersionQuery } from '../api/api-versions.js';
import type { PublisherApi } from '../api/types.js';
import { selectorsOf } from './product-words.js';

/** What the bindings of a product with these APIs can name: the operations of the newest version of each. */
export function useSelectors(apis: readonly PublisherApi[]): readonly string[] {
  const newest = apis.flatMap(({ slug, versions }) => (versions[0] ? [{ api: slug, version: versions[0].name }] : []));
  return useQueries({
    queries: newest.map((version) => apiVersionQuery(version)),
    combine: (found) => selectorsOf(found.flatMap(({ data }) => data?.routes ?? [])),
  });
}
