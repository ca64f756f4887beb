import type { Transaction } from '../database/unit-of-work.js';

/** Something with a public page of its own. */
export interface PublicPlace {
  readonly kind: 'product' | 'terms' | 'version';
  /** Of the product, or of the API. */
  readonly slug: string;
  /** Of the version; null for a product and its terms. */
  readonly name: string | null;
  /** When what is there was published; null where nobody keeps that. */
  readonly changedAt: Date | null;
}

/** Products that anybody can subscribe to, their terms, and the versions of their APIs that are served. */
const PLACES = `
  WITH product AS (
    SELECT id, slug FROM api_product WHERE EXISTS (
      SELECT FROM plan JOIN plan_version ON plan_id = plan.id AND state = 'published'
      WHERE api_product_id = api_product.id AND visibility = 'public'))
  SELECT 'product' AS kind, slug, NULL AS name, NULL::timestamptz AS changed_at FROM product
  UNION ALL
  SELECT 'terms', slug, NULL, max(published_at)
  FROM product JOIN product_terms ON api_product_id = product.id GROUP BY slug
  UNION ALL
  SELECT 'version', api.slug, version.name, coalesce(version.published_at, version.created_at)
  FROM api JOIN api_version AS version ON version.api_id = api.id AND version.state IN ('published', 'deprecated')
  WHERE api.id IN (SELECT api_id FROM api_product_api WHERE api_product_id IN (SELECT id FROM product))`;

/** How many public places there are. */
export async function countPublicPlaces(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(`SELECT count(*)::int AS count FROM (${PLACES}) AS place`);
  return row?.count ?? 0;
}

/** At most `limit` public places after the first `offset`, always in the same order. */
export function listPublicPlaces(
  transaction: Transaction,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<PublicPlace[]> {
  return transaction.query<PublicPlace>(
    `SELECT kind, slug, name, changed_at AS "changedAt" FROM (${PLACES}) AS place
     ORDER BY kind, slug, name OFFSET $1 LIMIT $2`,
    [offset, limit],
  );
}
