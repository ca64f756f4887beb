import { billabilityTable, isFreeOfCharge } from '#domain';
import type { CatalogProduct } from '#persistence';
import type { z } from 'zod';
import type { product } from './product.schema.js';

export function toProduct(found: CatalogProduct): z.input<typeof product> {
  return {
    ...found,
    plans: found.plans.map(({ version, ...plan }) => ({
      ...plan,
      free: isFreeOfCharge(version.definition),
      version: { ...version, billability: billabilityTable(version.definition) },
    })),
  };
}
