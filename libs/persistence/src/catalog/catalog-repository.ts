import type { Api, ApiVersion, Plan, PlanVersion, ProductTaxCategory, PublisherTeam, Seller } from '#domain';
import type { QueryDeepPartialEntity } from 'typeorm';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';
import { PublisherTeamEntity } from '../publisher/publisher-team-entity.js';
import { ApiEntity, ApiVersionEntity } from './api-entity.js';
import { PlanEntity, PlanVersionEntity } from './plan-entity.js';

const CATALOG_LOCK = 7_140_002;

/** Lets one writer at a time change the catalogue, until the end of the transaction. */
export async function lockCatalog(transaction: Transaction): Promise<void> {
  await transaction.query('SELECT pg_advisory_xact_lock($1)', [CATALOG_LOCK]);
}

export function findPublisherTeam(transaction: Transaction, slug: string): Promise<PublisherTeam | null> {
  return transaction.repository(PublisherTeamEntity).findOneBy({ slug });
}

export async function savePublisherTeam(transaction: Transaction, team: PublisherTeam): Promise<void> {
  await transaction.repository(PublisherTeamEntity).upsert(team, ['id']);
}

export function findApi(transaction: Transaction, slug: string): Promise<Api | null> {
  return transaction.repository(ApiEntity).findOneBy({ slug });
}

export async function saveApi(transaction: Transaction, api: Api): Promise<void> {
  await transaction.repository(ApiEntity).upsert(api, ['id']);
}

export function findApiVersion(transaction: Transaction, apiId: string, name: string): Promise<ApiVersion | null> {
  return transaction.repository(ApiVersionEntity).findOneBy({ apiId, name });
}

/** Versions of an API, or the one with the name; for a person only those of its publisher teams. */
export async function listApiVersionIds(
  transaction: Transaction,
  { api, version, publisherUserId }: { api: string; version: string | null; publisherUserId: string | null },
): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT version.id FROM api_version version JOIN api ON api.id = version.api_id
     WHERE api.slug = $1 AND ($2::text IS NULL OR version.name = $2)
       AND ($3::text IS NULL
            OR api.publisher_team_id IN (SELECT publisher_team_id FROM publisher_team_member WHERE user_id = $3))
     ORDER BY version.position`,
    [api, version, publisherUserId],
  );
  return rows.map(({ id }) => id);
}

/** The version that already has this place at the gateway, if any. */
export async function findApiVersionAt(
  transaction: Transaction,
  { host, basePath, versionHeader }: Pick<ApiVersion, 'host' | 'basePath' | 'versionHeader'>,
): Promise<string | null> {
  const [row] = await transaction.query<{ id: string }>(
    `SELECT id FROM api_version
     WHERE host IS NOT DISTINCT FROM $1 AND base_path = $2 AND version_header ->> 'value' IS NOT DISTINCT FROM $3`,
    [host, basePath, versionHeader?.value ?? null],
  );
  return row?.id ?? null;
}

/** A place at the gateway whose versions cannot be told apart, and why. */
export interface UnclearPlace {
  readonly host: string | null;
  readonly basePath: string;
  /** As "api/version", sorted. */
  readonly versions: readonly string[];
  readonly isOfOneApi: boolean;
  readonly haveOneHeader: boolean;
}

/** The first place where several versions are not all of one API, told apart by one header field, and at most one of them the default. */
export async function findUnclearPlace(transaction: Transaction): Promise<UnclearPlace | null> {
  const [row] = await transaction.query<UnclearPlace>(
    `SELECT host, base_path AS "basePath", array_agg(api.slug || '/' || version.name ORDER BY api.slug, position) AS versions,
            count(DISTINCT api_id) = 1 AS "isOfOneApi",
            count(version_header) = count(*) AND count(DISTINCT lower(version_header ->> 'name')) = 1 AS "haveOneHeader"
     FROM api_version AS version JOIN api ON api.id = api_id
     GROUP BY host, base_path
     HAVING count(*) > 1 AND (count(DISTINCT api_id) > 1 OR count(version_header) < count(*)
       OR count(DISTINCT lower(version_header ->> 'name')) > 1
       OR count(*) FILTER (WHERE (version_header ->> 'isDefault')::boolean) > 1)
     ORDER BY base_path, host LIMIT 1`,
  );
  return row ?? null;
}

export async function saveApiVersion(transaction: Transaction, version: ApiVersion): Promise<void> {
  await transaction.repository(ApiVersionEntity).upsert(version as QueryDeepPartialEntity<ApiVersionEntity>, ['id']);
}

export function findPlan(transaction: Transaction, apiProductId: string, slug: string): Promise<Plan | null> {
  return transaction.repository(PlanEntity).findOneBy({ apiProductId, slug });
}

/** What a plan that is added to a product gets: the position behind all others. */
export async function nextPlanPosition(transaction: Transaction, apiProductId: string): Promise<number> {
  const [row] = await transaction.query<{ position: number }>(
    'SELECT coalesce(max(position) + 1, 0)::integer AS position FROM plan WHERE api_product_id = $1',
    [apiProductId],
  );
  return row!.position;
}

export async function savePlan(transaction: Transaction, plan: Plan): Promise<void> {
  await transaction.repository(PlanEntity).upsert(plan, ['id']);
}

export function findPublishedPlanVersion(transaction: Transaction, planId: string): Promise<PlanVersion | null> {
  return transaction.repository(PlanVersionEntity).findOneBy({ planId, state: 'published' });
}

export function findDraftPlanVersion(transaction: Transaction, planId: string): Promise<PlanVersion | null> {
  return transaction.repository(PlanVersionEntity).findOneBy({ planId, state: 'draft' });
}

/** True when a plan has a version in any state. */
export function hasPlanVersions(transaction: Transaction, planId: string): Promise<boolean> {
  return transaction.repository(PlanVersionEntity).existsBy({ planId });
}

/** Writes a plan's draft, in the place of the one that is there; returns its number. */
export async function saveDraftPlanVersion(
  transaction: Transaction,
  version: Omit<PlanVersion, 'number' | 'state'>,
): Promise<number> {
  const [row] = await transaction.query<{ number: number }>(
    `INSERT INTO plan_version (id, plan_id, number, state, definition, definition_hash, published_at)
     SELECT $1, $2, coalesce(max(number), 0) + 1, 'draft', $3, $4, $5 FROM plan_version WHERE plan_id = $2
     ON CONFLICT (plan_id) WHERE state = 'draft' DO UPDATE SET definition = $3, definition_hash = $4, published_at = $5
     RETURNING number`,
    [version.id, version.planId, JSON.stringify(version.definition), version.definitionHash, version.publishedAt],
  );
  return row!.number;
}

/** Deletes a plan's draft, and the plan when it has no other version; the draft's number, or null when there is none. */
export async function deleteDraftPlanVersion(transaction: Transaction, planId: string): Promise<number | null> {
  const [row] = await transaction.query<{ number: number }>(
    `WITH deleted AS (DELETE FROM plan_version WHERE plan_id = $1 AND state = 'draft' RETURNING number)
     SELECT number FROM deleted`,
    [planId],
  );
  if (!row) return null;
  const [kept] = await transaction.query('SELECT 1 FROM plan_version WHERE plan_id = $1 LIMIT 1', [planId]);
  if (kept) return row.number;
  await transaction.query('DELETE FROM plan_invitation WHERE plan_id = $1', [planId]);
  await transaction.query('DELETE FROM plan WHERE id = $1', [planId]);
  return row.number;
}

/** Retires the published version of a plan; its number, or null when there is none. */
export async function retirePlanVersion(transaction: Transaction, planId: string): Promise<number | null> {
  const [row] = await transaction.query<{ number: number }>(
    `WITH retired AS (UPDATE plan_version SET state = 'retired' WHERE plan_id = $1 AND state = 'published' RETURNING number)
     SELECT number FROM retired`,
    [planId],
  );
  return row?.number ?? null;
}

/** Slugs of the organizations that a plan is offered to, sorted. */
export async function listInvitedSlugs(transaction: Transaction, planId: string): Promise<string[]> {
  const rows = await transaction.query<{ slug: string }>(
    `SELECT slug FROM plan_invitation JOIN organization ON organization.id = organization_id WHERE plan_id = $1 ORDER BY 1`,
    [planId],
  );
  return rows.map(({ slug }) => slug);
}

/** Offers a plan to these organizations and to no others; returns the slugs that none has. */
export async function replaceInvitations(
  transaction: Transaction,
  planId: string,
  slugs: readonly string[],
  createdAt: Date,
): Promise<string[]> {
  await transaction.query('DELETE FROM plan_invitation WHERE plan_id = $1', [planId]);
  await transaction.query(
    `INSERT INTO plan_invitation (plan_id, organization_id, created_at)
     SELECT $1, id, $3 FROM organization WHERE slug = ANY ($2)`,
    [planId, slugs, createdAt],
  );
  const invited = new Set(await listInvitedSlugs(transaction, planId));
  return slugs.filter((slug) => !invited.has(slug));
}

/** Retires the published version, if there is one, and publishes the draft, or the new one with the next number. */
export async function publishPlanVersion(
  transaction: Transaction,
  version: Omit<PlanVersion, 'number' | 'state'>,
): Promise<number> {
  await transaction.query(`UPDATE plan_version SET state = 'retired' WHERE plan_id = $1 AND state = 'published'`, [
    version.planId,
  ]);
  const definition = JSON.stringify(version.definition);
  const [draft] = await transaction.query<{ number: number }>(
    `WITH published AS (UPDATE plan_version SET state = 'published', definition = $2, definition_hash = $3, published_at = $4
                        WHERE plan_id = $1 AND state = 'draft' RETURNING number)
     SELECT number FROM published`,
    [version.planId, definition, version.definitionHash, version.publishedAt],
  );
  if (draft) return draft.number;
  const [row] = await transaction.query<{ number: number }>(
    `INSERT INTO plan_version (id, plan_id, number, state, definition, definition_hash, published_at)
     SELECT $1, $2, coalesce(max(number), 0) + 1, 'published', $3, $4, $5 FROM plan_version WHERE plan_id = $2
     RETURNING number`,
    [version.id, version.planId, definition, version.definitionHash, version.publishedAt],
  );
  return row!.number;
}

const SELLER = `seller.slug, seller.name, seller.address_lines AS "addressLines", seller.tax_id AS "taxId", seller.country,
    seller.invoice_prefix AS "invoicePrefix", seller.bank_account AS "bankAccount",
    seller.suspend_on_dispute AS "suspendOnDispute", seller.tax`;

export async function findSeller(transaction: Transaction, slug: string): Promise<Seller | null> {
  const [row] = await transaction.query<Seller>(`SELECT ${SELLER} FROM seller WHERE slug = $1`, [slug]);
  return row ?? null;
}

/** Sellers by slug, after one. */
export function listSellers(transaction: Transaction, { after, limit }: Slice = {}): Promise<Seller[]> {
  return transaction.query<Seller>(
    `SELECT ${SELLER} FROM seller WHERE $1::text IS NULL OR slug > $1 ORDER BY slug LIMIT $2`,
    [after ?? null, limit ?? null],
  );
}

/** True when there is the seller: nobody else changes it, or draws a number of it, until the transaction ends. */
export async function lockSeller(transaction: Transaction, slug: string): Promise<boolean> {
  const rows = await transaction.query(`SELECT FROM seller WHERE slug = $1 FOR NO KEY UPDATE`, [slug]);
  return rows.length > 0;
}

/** A product whose usage the payment provider rates, of a seller whose taxes it computes too. */
export interface UntaxableProduct {
  readonly seller: string;
  readonly product: string;
}

/** The first product of which a version that is offered, or that somebody subscribes to, is rated so; null when there is none. */
export async function findUntaxableProduct(transaction: Transaction): Promise<UntaxableProduct | null> {
  const [row] = await transaction.query<UntaxableProduct>(
    `SELECT seller.slug AS seller, product.slug AS product FROM seller
     JOIN publisher_team ON publisher_team.seller_slug = seller.slug
     JOIN api_product product ON product.publisher_team_id = publisher_team.id
     JOIN plan ON plan.api_product_id = product.id
     JOIN plan_version version ON version.plan_id = plan.id
     WHERE seller.tax = 'provider' AND version.state = 'published' AND version.definition->>'rating' = 'stripe'
       AND (version.number = (SELECT max(number) FROM plan_version WHERE plan_id = plan.id AND state = 'published')
            OR EXISTS (SELECT FROM subscription_phase phase WHERE phase.plan_version_id = version.id AND phase.ends_at IS NULL))
     ORDER BY seller.slug, product.slug LIMIT 1`,
  );
  return row ?? null;
}

/** Who sells what a subscription is to, and how that is taxed. */
export interface Sale {
  readonly seller: Seller;
  readonly taxCategory: ProductTaxCategory;
  readonly taxCode: string | null;
}

const TAXED_AS = `api_product.tax_category AS "taxCategory", api_product.tax_code AS "taxCode"`;

/** The sales that subscriptions are to, by subscription. */
export async function listSalesOfSubscriptions(
  transaction: Transaction,
  subscriptionIds: readonly string[],
): Promise<Map<string, Sale>> {
  const rows = await transaction.query<Seller & Omit<Sale, 'seller'> & { subscriptionId: string }>(
    `SELECT subscription.id AS "subscriptionId", ${TAXED_AS}, ${SELLER}
     FROM subscription JOIN api_product ON api_product.id = subscription.api_product_id
     JOIN publisher_team ON publisher_team.id = api_product.publisher_team_id
     JOIN seller ON seller.slug = publisher_team.seller_slug
     WHERE subscription.id = ANY ($1)`,
    [subscriptionIds],
  );
  return new Map(
    rows.map(
      ({ subscriptionId, taxCategory, taxCode, ...seller }) =>
        [subscriptionId, { seller, taxCategory, taxCode }] as const,
    ),
  );
}

/** What a subscription to a product would be. */
export async function readSaleOfProduct(transaction: Transaction, apiProductId: string): Promise<Sale> {
  const [row] = await transaction.query<Seller & Omit<Sale, 'seller'>>(
    `SELECT ${TAXED_AS}, ${SELLER}
     FROM api_product JOIN publisher_team ON publisher_team.id = api_product.publisher_team_id
     JOIN seller ON seller.slug = publisher_team.seller_slug WHERE api_product.id = $1`,
    [apiProductId],
  );
  const { taxCategory, taxCode, ...seller } = row!;
  return { seller, taxCategory, taxCode };
}

/** True when another seller has the prefix, or has numbered an invoice with it: the two series would meet. */
export async function isPrefixTaken(
  transaction: Transaction,
  { slug, invoicePrefix }: Pick<Seller, 'slug' | 'invoicePrefix'>,
): Promise<boolean> {
  const rows = await transaction.query(
    `SELECT 1 FROM seller WHERE invoice_prefix = $1 AND slug <> $2
     UNION ALL SELECT 1 FROM invoice WHERE seller_slug <> $2 AND number ~ ('^' || $1 || '-[0-9]+$') LIMIT 1`,
    [invoicePrefix, slug],
  );
  return rows.length > 0;
}

export async function saveSeller(transaction: Transaction, seller: Seller): Promise<void> {
  await transaction.query(
    `INSERT INTO seller (slug, name, address_lines, tax_id, country, invoice_prefix, last_invoice_sequence,
       bank_account, suspend_on_dispute, tax)
     VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9)
     ON CONFLICT (slug) DO UPDATE SET name = $2, address_lines = $3, tax_id = $4, country = $5, invoice_prefix = $6,
       bank_account = $7, suspend_on_dispute = $8, tax = $9`,
    [
      seller.slug,
      seller.name,
      seller.addressLines,
      seller.taxId,
      seller.country,
      seller.invoicePrefix,
      seller.bankAccount,
      seller.suspendOnDispute,
      seller.tax,
    ],
  );
}
