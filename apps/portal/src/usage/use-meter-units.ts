import { useQuery } from '@tanstack/react-query';
import { productsQuery } from '../api/catalog.js';

/** Finds the unit of a meter by its slug, in the singular; undefined until the catalogue is known. */
export function useMeterUnits(): (meter: string) => string | undefined {
  const { data: products } = useQuery(productsQuery);
  return (meter) => products?.flatMap(({ meters }) => meters).find(({ slug }) => slug === meter)?.unit;
}
