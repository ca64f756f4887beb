import {
  type PlanDefinition,
  type Route,
  billabilityTable,
  distinctOperations,
  includesOperation,
  isFreeOfCharge,
} from '#domain';
import type { CatalogProduct } from '#persistence';
import type { z } from 'zod';
import { placeText } from '../contract/page.schema.js';
import type { product } from './product.schema.js';

export function toProduct(found: CatalogProduct): z.input<typeof product> {
  const { operations, taxCode: _, ...shown } = found;
  const all = distinctOperations(operations);
  return {
    ...shown,
    plans: found.plans.map(({ version, ...plan }) => ({
      ...plan,
      free: isFreeOfCharge(version.definition),
      version: {
        ...version,
        billability: billabilityTable(version.definition),
        operations: operationsOf(version.definition, all),
      },
    })),
  };
}

function operationsOf({ entitlements }: PlanDefinition, all: readonly Route[]) {
  if (!entitlements?.operations) return null;
  return { total: all.length, included: all.filter((route) => includesOperation(entitlements, route)) };
}

/** Where a list goes on after a product. */
export function toProductPlace({ position, slug }: Pick<CatalogProduct, 'position' | 'slug'>): string {
  return placeText(position, slug);
}
