import type { ApiProduct, Meter, Route } from '#domain';
import type { QueryDeepPartialEntity } from 'typeorm';
import type { Transaction } from '../database/unit-of-work.js';
import { ApiProductApiEntity, ApiProductEntity, MeterEntity } from './api-product-entity.js';

export function findApiProduct(transaction: Transaction, slug: string): Promise<ApiProduct | null> {
  return transaction.repository(ApiProductEntity).findOneBy({ slug });
}

export async function saveApiProduct(transaction: Transaction, product: ApiProduct): Promise<void> {
  await transaction.repository(ApiProductEntity).upsert(product, ['id']);
}

/** Slugs of the APIs in a product, sorted. */
export async function listApiSlugsOfProduct(transaction: Transaction, apiProductId: string): Promise<string[]> {
  const rows = await transaction.query<{ slug: string }>(
    'SELECT slug FROM api JOIN api_product_api ON api_id = api.id WHERE api_product_id = $1 ORDER BY slug',
    [apiProductId],
  );
  return rows.map((row) => row.slug);
}

export async function replaceApisOfProduct(
  transaction: Transaction,
  apiProductId: string,
  apiIds: readonly string[],
): Promise<void> {
  await transaction.repository(ApiProductApiEntity).delete({ apiProductId });
  await transaction.repository(ApiProductApiEntity).insert(apiIds.map((apiId) => ({ apiProductId, apiId })));
}

/** The operations of all versions of a product's APIs that are not retired, by API, the newest version first. */
export async function listRoutesOfProduct(transaction: Transaction, apiProductId: string): Promise<Route[]> {
  const rows = await transaction.query<{ routes: Route[] }>(
    `SELECT version.routes FROM api_version AS version JOIN api_product_api AS bundled ON bundled.api_id = version.api_id
     WHERE bundled.api_product_id = $1 AND version.state <> 'retired' ORDER BY version.api_id, version.position DESC`,
    [apiProductId],
  );
  return rows.flatMap(({ routes }) => routes);
}

export function findMeter(transaction: Transaction, apiProductId: string, slug: string): Promise<Meter | null> {
  return transaction.repository(MeterEntity).findOneBy({ apiProductId, slug });
}

/** The meters of a product with all that they are, by slug. */
export function listMeters(transaction: Transaction, apiProductId: string): Promise<Meter[]> {
  return transaction.repository(MeterEntity).find({ where: { apiProductId }, order: { slug: 'ASC' } });
}

export async function saveMeter(transaction: Transaction, meter: Meter): Promise<void> {
  await transaction.repository(MeterEntity).upsert(meter as QueryDeepPartialEntity<MeterEntity>, ['id']);
}

/** What a product that is added to the catalogue gets: the position behind all others. */
export async function nextProductPosition(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ position: number }>(
    'SELECT coalesce(max(position) + 1, 0)::integer AS position FROM api_product',
  );
  return row!.position;
}
