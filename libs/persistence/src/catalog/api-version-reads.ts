import type { Api, ApiVersion } from '#domain';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';
import { ApiVersionEntity } from './api-entity.js';

/** A version as lists of its publisher show it. */
export interface ListedApiVersion extends Pick<
  ApiVersion,
  'id' | 'name' | 'state' | 'host' | 'basePath' | 'versionHeader' | 'sunsetOn'
> {
  readonly operationCount: number;
  readonly publishedAt: Date | null;
  /** Whether it is switched off by itself on the day that it says. */
  readonly retiresAtSunset: boolean;
}

/** An API with all its versions, drafts too, the newest first. */
export interface PublisherApi extends Pick<Api, 'slug' | 'title'> {
  readonly products: readonly { readonly slug: string; readonly title: string }[];
  readonly versions: readonly ListedApiVersion[];
}

/** The APIs of a person's publisher teams by slug, from after one. */
export async function listPublisherApis(
  transaction: Transaction,
  publisherUserId: string,
  { after, limit }: Slice<string> = {},
): Promise<PublisherApi[]> {
  type Row = Omit<PublisherApi, 'versions'> & {
    readonly versions: readonly (Omit<ListedApiVersion, 'publishedAt'> & { readonly publishedAt: string | null })[];
  };
  const rows = await transaction.query<Row>(
    `SELECT api.slug, api.title,
            (SELECT coalesce(json_agg(json_build_object('slug', product.slug, 'title', product.title)
                      ORDER BY product.position, product.slug), '[]')
             FROM api_product product JOIN api_product_api ON api_product_id = product.id
             WHERE api_id = api.id) AS products,
            (SELECT coalesce(json_agg(json_build_object('id', id, 'name', name, 'state', state, 'host', host,
                      'basePath', base_path, 'versionHeader', version_header, 'sunsetOn', sunset_on, 'publishedAt', published_at,
                      'retiresAtSunset', state = 'deprecated' AND EXISTS (SELECT FROM api_version_retirement
                        WHERE api_version_id = api_version.id AND retire_on = sunset_on),
                      'operationCount', jsonb_array_length(routes)) ORDER BY position DESC, id DESC), '[]')
             FROM api_version WHERE api_id = api.id) AS versions
     FROM api
     WHERE publisher_team_id IN (SELECT publisher_team_id FROM publisher_team_member WHERE user_id = $1)
       AND ($2::text IS NULL OR api.slug > $2)
     ORDER BY api.slug LIMIT $3`,
    [publisherUserId, after ?? null, limit ?? null],
  );
  return rows.map(({ versions, ...api }) => ({
    ...api,
    versions: versions.map(({ publishedAt, ...version }) => ({
      ...version,
      publishedAt: publishedAt === null ? null : new Date(publishedAt),
    })),
  }));
}

/** An API of a person's publisher teams, of any team for nobody; null also for one of others. */
export async function findPublisherApi(
  transaction: Transaction,
  { slug, publisherUserId }: { readonly slug: string; readonly publisherUserId: string | null },
): Promise<Api | null> {
  const [api] = await transaction.query<Api>(
    `SELECT id, publisher_team_id AS "publisherTeamId", slug, title, created_at AS "createdAt" FROM api
     WHERE slug = $1 AND ($2::text IS NULL
       OR publisher_team_id IN (SELECT publisher_team_id FROM publisher_team_member WHERE user_id = $2))`,
    [slug, publisherUserId],
  );
  return api ?? null;
}

/** The versions of an API, drafts too, the newest first; without what is large of them. */
export function listApiVersionNames(
  transaction: Transaction,
  apiId: string,
): Promise<Pick<ApiVersion, 'name' | 'state' | 'position'>[]> {
  return transaction.query(
    'SELECT name, state, position FROM api_version WHERE api_id = $1 ORDER BY position DESC, id DESC',
    [apiId],
  );
}

/** Throws a version away that nobody has seen; the database refuses every other. */
export async function deleteApiVersion(transaction: Transaction, id: string): Promise<void> {
  await transaction.repository(ApiVersionEntity).delete({ id });
}

/** An application that has called a version. */
export interface ApiVersionCaller {
  readonly organization: { readonly id: string; readonly name: string };
  readonly application: { readonly id: string; readonly name: string };
  /** Live calls on the days asked for. */
  readonly calls: number;
  /** How many of its operations. */
  readonly operationCount: number;
  /** Those of the named operations that it has called, sorted. */
  readonly named: readonly string[];
  /** The latest UTC day with a call. */
  readonly lastAt: Date;
}

/** The applications that have called a version live since a day, those with the most calls first, each with what it called of some operations. */
export async function listApiVersionCallers(
  transaction: Transaction,
  {
    apiVersionId,
    since,
    named,
  }: { readonly apiVersionId: string; readonly since: Date; readonly named: readonly string[] },
  { after, limit }: Slice<{ readonly calls: number; readonly applicationId: string }> = {},
): Promise<ApiVersionCaller[]> {
  // A call stands in the rows of each meter that it counts into, and which those are depends on the operation.
  const rows = await transaction.query<Omit<ApiVersionCaller, 'calls'> & { readonly calls: string }>(
    `SELECT json_build_object('id', organization.id, 'name', organization.name) AS organization,
            json_build_object('id', application.id, 'name', application.name) AS application,
            calls, operations AS "operationCount", last_at AS "lastAt", named
     FROM (
       SELECT application_id, sum(calls)::bigint AS calls, count(*)::int AS operations, max(last_at) AS last_at,
              coalesce(array_agg(operation ORDER BY operation) FILTER (WHERE operation = ANY($6::text[])), '{}') AS named
       FROM (
         SELECT application_id, operation, max(calls) AS calls, max(last_at) AS last_at
         FROM (
           SELECT application_id, operation, meter, sum(event_count) AS calls, max(day_at) AS last_at
           FROM usage_operation_day
           WHERE api_product_id IN (SELECT api_product_id FROM api_product_api
                                    WHERE api_id = (SELECT api_id FROM api_version WHERE id = $1))
             AND api_version_id = $1 AND mode = 'live' AND day_at >= $2
           GROUP BY application_id, operation, meter
         ) AS of_meter
         GROUP BY application_id, operation
       ) AS of_operation
       GROUP BY application_id
     ) AS caller
     JOIN application ON application.id = application_id JOIN organization ON organization.id = organization_id
     WHERE application.deleted_at IS NULL AND ($3::bigint IS NULL OR (-calls, application.id) > (-$3::bigint, $4::uuid))
     ORDER BY calls DESC, application.id LIMIT $5`,
    [apiVersionId, since, after?.calls ?? null, after?.applicationId ?? null, limit ?? null, named],
  );
  return rows.map((row) => ({ ...row, calls: Number(row.calls) }));
}

/** Where mails about an organization's calls go: to its members who work on them. */
export async function listDeveloperAddresses(transaction: Transaction, organizationId: string): Promise<string[]> {
  const rows = await transaction.query<{ email: string }>(
    `SELECT email FROM membership JOIN auth."user" AS "user" ON "user".id = user_id
     WHERE organization_id = $1 AND role IN ('owner', 'admin', 'developer') ORDER BY email`,
    [organizationId],
  );
  return rows.map(({ email }) => email);
}
