import type { Api, ApiProduct, ApiVersion, Coupon, Plan, PlanVersion, PublisherTeam } from '#domain';
import { In, Not } from 'typeorm';
import { COUPON_COLUMNS, type CouponRow, toCoupon } from '../coupon/coupon-row.js';
import type { Transaction } from '../database/unit-of-work.js';
import { ApiEntity, ApiVersionEntity } from './api-entity.js';
import { ApiProductEntity } from './api-product-entity.js';
import { PlanEntity, PlanVersionEntity } from './plan-entity.js';

/** The publisher teams by slug; those of a person only, or the one with a slug, where one is given. */
export function listTeamsToExport(
  transaction: Transaction,
  { publisherUserId, slug }: { readonly publisherUserId: string | null; readonly slug: string | null },
): Promise<PublisherTeam[]> {
  return transaction.query<PublisherTeam>(
    `SELECT id, slug, name, seller_slug AS "sellerSlug", created_at AS "createdAt" FROM publisher_team
     WHERE ($1::text IS NULL OR id IN (SELECT publisher_team_id FROM publisher_team_member WHERE user_id = $1))
       AND ($2::text IS NULL OR slug = $2)
     ORDER BY slug`,
    [publisherUserId, slug],
  );
}

/** The APIs of publisher teams by slug. */
export function listApisOfTeams(transaction: Transaction, teamIds: readonly string[]): Promise<Api[]> {
  return transaction
    .repository(ApiEntity)
    .find({ where: { publisherTeamId: In([...teamIds]) }, order: { slug: 'ASC' } });
}

/** The versions of an API with all that they have, drafts too, the oldest first. */
export function listWholeApiVersions(transaction: Transaction, apiId: string): Promise<ApiVersion[]> {
  return transaction.repository(ApiVersionEntity).find({ where: { apiId }, order: { position: 'ASC', id: 'ASC' } });
}

/** How many bytes the documents of APIs have together. */
export async function sumDocumentBytes(transaction: Transaction, apiIds: readonly string[]): Promise<number> {
  const [row] = await transaction.query<{ bytes: string }>(
    'SELECT coalesce(sum(octet_length(document::text)), 0)::bigint AS bytes FROM api_version WHERE api_id = ANY ($1)',
    [apiIds],
  );
  return Number(row!.bytes);
}

/** The products of publisher teams in the order of the catalogue. */
export function listProductsOfTeams(transaction: Transaction, teamIds: readonly string[]): Promise<ApiProduct[]> {
  return transaction
    .repository(ApiProductEntity)
    .find({ where: { publisherTeamId: In([...teamIds]) }, order: { position: 'ASC', slug: 'ASC' } });
}

/** The plans of a product in their order. */
export function listPlansOfProduct(transaction: Transaction, apiProductId: string): Promise<Plan[]> {
  return transaction.repository(PlanEntity).find({ where: { apiProductId }, order: { position: 'ASC', slug: 'ASC' } });
}

/** The versions of a plan, but for those of one subscription alone, the newest first. */
export function listVersionsOfPlan(transaction: Transaction, planId: string): Promise<PlanVersion[]> {
  return transaction
    .repository(PlanVersionEntity)
    .find({ where: { planId, state: Not('custom') }, order: { number: 'DESC' } });
}

/** The coupons of a publisher team by slug. */
export async function listCouponsOfTeam(transaction: Transaction, publisherTeamId: string): Promise<Coupon[]> {
  const rows = await transaction.query<CouponRow>(
    `SELECT ${COUPON_COLUMNS} FROM coupon WHERE publisher_team_id = $1 ORDER BY slug`,
    [publisherTeamId],
  );
  return rows.map(toCoupon);
}
