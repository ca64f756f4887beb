import {
  type Api,
  type ApiVersion,
  type ApiVersionState,
  type Entitlements,
  type Meter,
  type PlanDefinition,
  type PlanVersionState,
  type PlanVisibility,
  type Route,
  USUAL_KEY_PLACES,
  type VersionHeader,
} from '#domain';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';
import { NEWEST_TERMS } from './newest-terms.js';

/** An API product with everything that is shown of it: published versions, meters, and plans one can subscribe to. */
export interface CatalogProduct {
  readonly id: string;
  readonly slug: string;
  /** Its place in the catalogue. */
  readonly position: number;
  readonly title: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly publisher: { readonly slug: string; readonly name: string };
  /** As what the payment provider taxes it; null: as its account says. No matter of those who buy. */
  readonly taxCode: string | null;
  /** Version of the terms in force; null for none. */
  readonly termsVersion: string | null;
  readonly apis: readonly {
    readonly slug: string;
    readonly title: string;
    readonly versions: readonly CatalogApiVersion[];
  }[];
  readonly meters: readonly { readonly slug: string; readonly title: string; readonly unit: string }[];
  /** What its APIs serve, by API and the newest version first; empty when each of the plans has all of it. */
  readonly operations: readonly Route[];
  readonly plans: readonly {
    readonly id: string;
    readonly slug: string;
    readonly title: string;
    readonly summary: string;
    readonly version: { readonly id: string; readonly number: number; readonly definition: PlanDefinition };
  }[];
}

export interface CatalogApiVersion {
  readonly id: string;
  readonly name: string;
  readonly state: Exclude<ApiVersionState, 'draft'>;
  /** The only host that it takes requests for; null for any. */
  readonly host: string | null;
  readonly basePath: string;
  readonly versionHeader: VersionHeader | null;
  /** The title in its document. */
  readonly title: string;
  /** True for the version that `latest` stands for. */
  readonly latest: boolean;
}

/** Which products: every condition that is given must hold. */
export interface CatalogProductFilter {
  readonly slug?: string | undefined;
  /** Only of the publisher teams that this person belongs to. */
  readonly publisherUserId?: string | undefined;
  /** Also with the plans that this organization is invited to. Publishers see all plans of theirs. */
  readonly organizationId?: string | undefined;
}

/** `latest` is the published version with the highest position; without one, the highest of the others. */
const VERSIONS = `
  SELECT version.*, row_number() OVER (PARTITION BY api_id ORDER BY state = 'published' DESC, position DESC, id DESC) = 1 AS latest
  FROM api_version version WHERE state <> 'draft'`;

/** Where a list of products goes on. */
export type ProductPlace = Pick<CatalogProduct, 'position' | 'slug'>;

/**
 * Products in the order of the catalogue, after a place in it. Drafts and plans without a published version are left out, and products of
 * which no plan was ever published are for their publishers only.
 */
export function listCatalogProducts(
  transaction: Transaction,
  { slug, publisherUserId, organizationId }: CatalogProductFilter,
  { after, limit }: Slice<ProductPlace> = {},
): Promise<CatalogProduct[]> {
  return transaction.query<CatalogProduct>(
    `WITH version AS (${VERSIONS})
     SELECT product.id, product.slug, product.position, product.title, product.summary, product.description, product.tags,
            product.tax_code AS "taxCode",
            json_build_object('slug', team.slug, 'name', team.name) AS publisher,
            (SELECT version FROM product_terms WHERE api_product_id = product.id
             ${NEWEST_TERMS}) AS "termsVersion",
            (SELECT coalesce(json_agg(json_build_object('slug', api.slug, 'title', api.title, 'versions',
                      (SELECT coalesce(json_agg(json_build_object('id', version.id, 'name', version.name, 'state', version.state,
                                'host', version.host, 'basePath', version.base_path,
                                'versionHeader', version.version_header, 'latest', version.latest,
                                'title', coalesce(version.document->'info'->>'title', api.title)) ORDER BY version.position DESC), '[]')
                       FROM version WHERE version.api_id = api.id)) ORDER BY api.slug), '[]')
             FROM api JOIN api_product_api ON api_id = api.id WHERE api_product_id = product.id) AS apis,
            (SELECT coalesce(json_agg(json_build_object('slug', slug, 'title', title, 'unit', unit) ORDER BY slug), '[]')
             FROM meter WHERE api_product_id = product.id) AS meters,
            CASE WHEN EXISTS (SELECT FROM plan JOIN plan_version ON plan_id = plan.id
                              WHERE plan.api_product_id = product.id AND state = 'published'
                                AND plan_version.definition #> '{entitlements,operations}' IS NOT NULL)
                 THEN (SELECT coalesce(jsonb_agg(route ORDER BY api_version.api_id, api_version.position DESC, ordinality), '[]')
                       FROM api_product_api JOIN api_version ON api_version.api_id = api_product_api.api_id,
                            jsonb_array_elements(routes) WITH ORDINALITY AS one (route, ordinality)
                       WHERE api_product_id = product.id AND api_version.state IN ('published', 'deprecated'))
                 ELSE '[]' END AS operations,
            (SELECT coalesce(json_agg(json_build_object('id', plan.id, 'slug', plan.slug, 'title', plan.title,
                      'summary', plan.summary, 'version', json_build_object('id', plan_version.id,
                      'number', plan_version.number, 'definition', plan_version.definition)) ORDER BY plan.position, plan.slug), '[]')
             FROM plan JOIN plan_version ON plan_version.plan_id = plan.id AND plan_version.state = 'published'
             WHERE plan.api_product_id = product.id
               AND (plan.visibility = 'public' OR $2::text IS NOT NULL OR (plan.visibility = 'invited' AND EXISTS (
                    SELECT FROM plan_invitation WHERE plan_id = plan.id AND organization_id = $3)))) AS plans
     FROM api_product product JOIN publisher_team team ON team.id = product.publisher_team_id
     WHERE ($1::text IS NULL OR product.slug = $1)
       AND ($2::text IS NULL OR team.id IN (SELECT publisher_team_id FROM publisher_team_member WHERE user_id = $2))
       AND ($2::text IS NOT NULL OR EXISTS (SELECT FROM plan JOIN plan_version ON plan_version.plan_id = plan.id
            WHERE plan.api_product_id = product.id AND plan_version.state <> 'draft'))
       AND ($4::integer IS NULL OR (product.position, product.slug) > ($4, $5::text))
     ORDER BY product.position, product.slug LIMIT $6`,
    [
      slug ?? null,
      publisherUserId ?? null,
      organizationId ?? null,
      after?.position ?? null,
      after?.slug ?? null,
      limit ?? null,
    ],
  );
}

/** A version that may be shown, with its document. */
export interface DocumentedApiVersion extends Pick<
  ApiVersion,
  'id' | 'name' | 'host' | 'basePath' | 'versionHeader' | 'document' | 'documentHash' | 'routes' | 'guides'
> {
  /** The header field that its keys are sent in. */
  readonly keyHeader: string;
  readonly state: CatalogApiVersion['state'];
  readonly sunsetOn: string | null;
  readonly api: Pick<Api, 'slug' | 'title'>;
  readonly latest: boolean;
}

/** One version of an API by its name, or the latest one for `latest`; null when there is none, or it is a draft. */
export async function findDocumentedApiVersion(
  transaction: Transaction,
  apiSlug: string,
  name: string,
): Promise<DocumentedApiVersion | null> {
  const [row] = await transaction.query<DocumentedApiVersion>(
    `SELECT version.id, version.name, version.state, version.host, version.base_path AS "basePath",
            version.version_header AS "versionHeader", version.document,
            coalesce(version.policies #>> '{authentication,keys,header}', $3) AS "keyHeader",
            version.sunset_on::text AS "sunsetOn",
            version.document_hash AS "documentHash", version.routes, version.guides, version.latest,
            json_build_object('slug', api.slug, 'title', api.title) AS api
     FROM api JOIN (${VERSIONS}) version ON version.api_id = api.id
     WHERE api.slug = $1 AND (version.name = $2 OR ($2 = 'latest' AND version.latest))
     ORDER BY version.name = $2 DESC LIMIT 1`,
    [apiSlug, name, USUAL_KEY_PLACES.header],
  );
  return row ?? null;
}

/** What a plan gives beside units and prices. */
export interface EntitledPlan {
  readonly title: string;
  readonly entitlements: Entitlements | null;
}

/** The plans, of any product, that anybody can subscribe to for an API, in the order of the catalogue. */
export function listPublicPlansOfApi(transaction: Transaction, apiSlug: string): Promise<EntitledPlan[]> {
  return transaction.query<EntitledPlan>(
    `SELECT plan.title, plan_version.definition -> 'entitlements' AS entitlements
     FROM api JOIN api_product_api ON api_id = api.id JOIN api_product AS product ON product.id = api_product_id
       JOIN plan ON plan.api_product_id = product.id AND plan.visibility = 'public'
       JOIN plan_version ON plan_version.plan_id = plan.id AND plan_version.state = 'published'
     WHERE api.slug = $1 ORDER BY product.position, product.slug, plan.position, plan.slug`,
    [apiSlug],
  );
}

/** An operation as it is called at the gateway. */
export interface ServedOperation extends Route {
  readonly api: string;
  readonly version: string;
  readonly basePath: string;
}

/** What the published and deprecated versions of a product's APIs serve, by API and the newest version first. */
export function listServedOperations(transaction: Transaction, apiProductId: string): Promise<ServedOperation[]> {
  return transaction.query<ServedOperation>(
    `SELECT api.slug AS api, version.name AS version, version.base_path AS "basePath", route ->> 'method' AS method,
            route ->> 'template' AS template, route ->> 'operation' AS operation, route -> 'tags' AS tags
     FROM api_product_api JOIN api ON api.id = api_id JOIN api_version AS version ON version.api_id = api.id,
          jsonb_array_elements(routes) WITH ORDINALITY AS one (route, ordinality)
     WHERE api_product_id = $1 AND version.state IN ('published', 'deprecated')
     ORDER BY api.slug, version.position DESC, ordinality`,
    [apiProductId],
  );
}

/** A meter that counts calls of an API, with the products and the public plans in which it does. */
export interface MeterOfApi extends Pick<Meter, 'slug' | 'title' | 'unit' | 'bindings'> {
  readonly product: { readonly slug: string; readonly title: string };
  /** The plans that anybody can subscribe to, with their price of the meter; null for a plan that has none. */
  readonly plans: readonly {
    readonly slug: string;
    readonly title: string;
    readonly currency: string;
    readonly entitlements: Entitlements | null;
    readonly price: PlanDefinition['prices'][number] | null;
  }[];
}

/** The meters of the products that an API is in, in the order of the catalogue. */
export function listMetersOfApi(transaction: Transaction, apiSlug: string): Promise<MeterOfApi[]> {
  return transaction.query<MeterOfApi>(
    `SELECT meter.slug, meter.title, meter.unit, meter.bindings,
            json_build_object('slug', product.slug, 'title', product.title) AS product,
            (SELECT coalesce(json_agg(json_build_object('slug', plan.slug, 'title', plan.title,
                      'currency', plan_version.definition ->> 'currency',
                      'entitlements', plan_version.definition -> 'entitlements',
                      'price', (SELECT price FROM jsonb_array_elements(plan_version.definition -> 'prices') AS one (price)
                                WHERE price ->> 'meter' = meter.slug LIMIT 1)) ORDER BY plan.position, plan.slug), '[]')
             FROM plan JOIN plan_version ON plan_version.plan_id = plan.id AND plan_version.state = 'published'
             WHERE plan.api_product_id = product.id AND plan.visibility = 'public') AS plans
     FROM api JOIN api_product_api ON api_id = api.id JOIN api_product AS product ON product.id = api_product_id
       JOIN meter ON meter.api_product_id = product.id
     WHERE api.slug = $1 ORDER BY product.position, product.slug, meter.slug`,
    [apiSlug],
  );
}

/** A version that readers were told of, and the one before it. */
export interface PublishedApiVersion {
  readonly id: string;
  readonly api: Pick<Api, 'slug' | 'title'>;
  readonly name: string;
  readonly state: CatalogApiVersion['state'];
  readonly publishedAt: Date;
  /** Of the next lower position; null for the first one. */
  readonly previous: string | null;
}

/** The versions that were published last, of one API or of all, the newest first. */
export function listPublishedVersions(
  transaction: Transaction,
  { api, limit }: { readonly api: string | null; readonly limit: number },
): Promise<PublishedApiVersion[]> {
  return transaction.query<PublishedApiVersion>(
    `WITH shown AS (
       SELECT *, lag(name) OVER (PARTITION BY api_id ORDER BY position) AS previous FROM api_version WHERE state <> 'draft')
     SELECT shown.id, json_build_object('slug', api.slug, 'title', api.title) AS api, shown.name, shown.state,
            coalesce(shown.published_at, shown.created_at) AS "publishedAt", shown.previous
     FROM shown JOIN api ON api.id = shown.api_id WHERE $1::text IS NULL OR api.slug = $1
     ORDER BY coalesce(shown.published_at, shown.created_at) DESC, api.slug, shown.position DESC LIMIT $2`,
    [api, limit],
  );
}

/** The versions of an API that may be shown, the newest first. */
export function listDocumentedVersions(
  transaction: Transaction,
  apiSlug: string,
): Promise<Pick<CatalogApiVersion, 'name' | 'state' | 'latest'>[]> {
  return transaction.query(
    `SELECT version.name, version.state, version.latest
     FROM api JOIN (${VERSIONS}) version ON version.api_id = api.id
     WHERE api.slug = $1 ORDER BY version.position DESC`,
    [apiSlug],
  );
}

/** A plan version with what it belongs to. */
export interface OfferedPlanVersion {
  readonly id: string;
  readonly state: PlanVersionState;
  readonly definition: PlanDefinition;
  readonly plan: { readonly id: string; readonly title: string };
  readonly apiProductId: string;
  readonly visibility: PlanVisibility;
  /** Of the organization asked for. */
  readonly isInvited: boolean;
}

export async function findOfferedPlanVersion(
  transaction: Transaction,
  id: string,
  organizationId: string | null = null,
): Promise<OfferedPlanVersion | null> {
  const [row] = await transaction.query<OfferedPlanVersion>(
    `SELECT plan_version.id, plan_version.state, plan_version.definition, plan.api_product_id AS "apiProductId",
            json_build_object('id', plan.id, 'title', plan.title) AS plan, plan.visibility,
            EXISTS (SELECT FROM plan_invitation WHERE plan_id = plan.id AND organization_id = $2) AS "isInvited"
     FROM plan_version JOIN plan ON plan.id = plan_id WHERE plan_version.id = $1`,
    [id, organizationId],
  );
  return row ?? null;
}
