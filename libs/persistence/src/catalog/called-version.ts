import type { Aggregation, MeterBinding, Route, VersionHeader } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** A version of an API as it is called, without its document. */
export interface CalledApiVersion {
  readonly id: string;
  /** Null: any. */
  readonly host: string | null;
  readonly basePath: string;
  readonly versionHeader: VersionHeader | null;
  readonly routes: readonly Route[];
  /** The header field that takes keys, where the publisher names another than the usual one. */
  readonly keyHeader: string | null;
  /** The products that it is in, in the order in which test keys take them. */
  readonly products: readonly {
    readonly id: string;
    readonly slug: string;
    readonly title: string;
    /** Calls of an application with test keys in a UTC day. */
    readonly testQuota: number;
  }[];
}

/** A version that the gateways serve, by its name or `latest`; null when there is none. */
export async function findCalledApiVersion(
  transaction: Transaction,
  apiSlug: string,
  name: string,
): Promise<CalledApiVersion | null> {
  const [row] = await transaction.query<CalledApiVersion>(
    `SELECT version.id, host, base_path AS "basePath", version_header AS "versionHeader", routes,
            policies #>> '{authentication,keys,header}' AS "keyHeader",
            (SELECT coalesce(json_agg(json_build_object('id', product.id, 'slug', product.slug, 'title', product.title,
                      'testQuota', test_quota) ORDER BY product.position, product.id), '[]')
             FROM api_product_api JOIN api_product AS product ON product.id = api_product_id
             WHERE api_product_api.api_id = api.id) AS products
     FROM api JOIN api_version AS version ON version.api_id = api.id
     WHERE api.slug = $1 AND version.state IN ('published', 'deprecated') AND (version.name = $2 OR $2 = 'latest')
     ORDER BY version.name = $2 DESC, version.state = 'published' DESC, version.position DESC LIMIT 1`,
    [apiSlug, name],
  );
  return row ?? null;
}

/** A meter with what counts into it. */
export interface BoundMeter {
  readonly slug: string;
  readonly title: string;
  /** In the singular, for people. */
  readonly unit: string;
  readonly aggregation: Aggregation;
  readonly bindings: readonly MeterBinding[];
}

/** The meters of a product with their bindings, by slug. */
export function listBoundMeters(transaction: Transaction, apiProductId: string): Promise<BoundMeter[]> {
  return transaction.query<BoundMeter>(
    `SELECT slug, title, unit, aggregation, bindings FROM meter WHERE api_product_id = $1 ORDER BY slug`,
    [apiProductId],
  );
}
