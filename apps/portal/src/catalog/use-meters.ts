import { useQuery } from '@tanstack/react-query';
import { productsQuery } from '../api/catalog.js';
import type { Meter } from '../api/types.js';

/** Finds a meter by its slug; undefined until the catalogue is known, and for a meter that is no longer in it. */
export function useMeters(): (slug: string) => Meter | undefined {
  const { data: products } = useQuery(productsQuery);
  return (slug) => products?.flatMap(({ meters }) => meters).find((meter) => meter.slug === slug);
}
