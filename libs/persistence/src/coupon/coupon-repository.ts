import type { Coupon, CouponCode } from '#domain';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';
import { COUPON_COLUMNS, type CouponRow, toCoupon } from './coupon-row.js';

/** What of a coupon may change. */
export type CouponBounds = Pick<Coupon, 'maxRedemptions' | 'expiresAt' | 'archivedAt'>;

export async function insertCoupon(transaction: Transaction, coupon: Omit<Coupon, 'redeemed'>): Promise<void> {
  await transaction.query(
    `INSERT INTO coupon (id, publisher_team_id, slug, title, percent_off, amount_off_minor, currency, months, offers,
       max_redemptions, redeemed, expires_at, archived_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13)`,
    [
      coupon.id,
      coupon.publisherTeamId,
      coupon.slug,
      coupon.title,
      coupon.percentOff,
      coupon.amountOffMinor?.toString() ?? null,
      coupon.currency,
      coupon.months,
      coupon.offers,
      coupon.maxRedemptions,
      coupon.expiresAt,
      coupon.archivedAt,
      coupon.createdAt,
    ],
  );
}

export async function updateCouponBounds(
  transaction: Transaction,
  couponId: string,
  { maxRedemptions, expiresAt, archivedAt }: CouponBounds,
): Promise<void> {
  await transaction.query(`UPDATE coupon SET max_redemptions = $2, expires_at = $3, archived_at = $4 WHERE id = $1`, [
    couponId,
    maxRedemptions,
    expiresAt,
    archivedAt,
  ]);
}

/** A coupon of a team by its slug, locked until the transaction ends, so that nobody redeems it meanwhile; null for none. */
export async function lockCouponOfTeam(
  transaction: Transaction,
  publisherTeamId: string,
  slug: string,
): Promise<Coupon | null> {
  const rows = await transaction.query<CouponRow>(
    `SELECT ${COUPON_COLUMNS} FROM coupon WHERE publisher_team_id = $1 AND slug = $2 FOR UPDATE`,
    [publisherTeamId, slug],
  );
  return rows[0] ? toCoupon(rows[0]) : null;
}

/** A coupon of a team that the person belongs to, locked as above; null for every other. */
export async function lockOwnCoupon(
  transaction: Transaction,
  { couponId, publisherUserId }: { readonly couponId: string; readonly publisherUserId: string },
): Promise<Coupon | null> {
  const rows = await transaction.query<CouponRow>(
    `SELECT ${COUPON_COLUMNS} FROM coupon
     WHERE id = $1 AND publisher_team_id IN (SELECT publisher_team_id FROM publisher_team_member WHERE user_id = $2) FOR UPDATE`,
    [couponId, publisherUserId],
  );
  return rows[0] ? toCoupon(rows[0]) : null;
}

/** A coupon with its codes and whose it is. */
export interface ListedCoupon extends Coupon {
  readonly publisher: { readonly slug: string; readonly name: string };
  readonly codes: readonly CouponCode[];
}

/** The coupons of the teams that a person belongs to, the newest first; of one id only that. */
export async function listOwnCoupons(
  transaction: Transaction,
  { publisherUserId, couponId = null }: { readonly publisherUserId: string; readonly couponId?: string | null },
  { after, limit }: Slice = {},
): Promise<ListedCoupon[]> {
  const rows = await transaction.query<CouponRow & Pick<ListedCoupon, 'publisher'>>(
    `SELECT ${COUPON_COLUMNS}, json_build_object('slug', publisher_team.slug, 'name', publisher_team.name) AS publisher
     FROM coupon JOIN publisher_team ON publisher_team.id = coupon.publisher_team_id
     JOIN publisher_team_member member ON member.publisher_team_id = publisher_team.id AND member.user_id = $1
     WHERE ($2::uuid IS NULL OR coupon.id = $2) AND ($3::uuid IS NULL OR coupon.id < $3)
     ORDER BY coupon.id DESC LIMIT $4`,
    [publisherUserId, couponId, after ?? null, limit ?? null],
  );
  const codes = await listCodes(
    transaction,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...toCoupon(row), publisher: row.publisher, codes: codes.get(row.id) ?? [] }));
}

/** The codes of coupons, by coupon, in the order of the alphabet. */
export async function listCodes(
  transaction: Transaction,
  couponIds: readonly string[],
): Promise<Map<string, CouponCode[]>> {
  const rows = await transaction.query<CouponCode & { readonly couponId: string }>(
    `SELECT coupon_id AS "couponId", code, archived_at AS "archivedAt" FROM coupon_code
     WHERE coupon_id = ANY ($1) ORDER BY code`,
    [couponIds],
  );
  return Map.groupBy(rows, ({ couponId }) => couponId);
}

/** Adds a code of a coupon; false when the team has it already, of whatever coupon. */
export async function insertCouponCode(
  transaction: Transaction,
  { couponId, code, createdAt }: { readonly couponId: string; readonly code: string; readonly createdAt: Date },
): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO coupon_code (publisher_team_id, code, coupon_id, created_at)
     SELECT publisher_team_id, $2, id, $3 FROM coupon WHERE id = $1 ON CONFLICT DO NOTHING RETURNING 1`,
    [couponId, code, createdAt],
  );
  return rows.length > 0;
}

/** Archives a code of a coupon, or takes that back (`archivedAt` null); false when the coupon does not have it. */
export async function archiveCouponCode(
  transaction: Transaction,
  {
    couponId,
    code,
    archivedAt,
  }: { readonly couponId: string; readonly code: string; readonly archivedAt: Date | null },
): Promise<boolean> {
  const rows = await transaction.query(
    `WITH changed AS (UPDATE coupon_code SET archived_at = $3 WHERE coupon_id = $1 AND code = $2 RETURNING 1)
     SELECT FROM changed`,
    [couponId, code, archivedAt],
  );
  return rows.length > 0;
}

/** True when the person belongs to the publisher team. */
export async function isMemberOfTeam(
  transaction: Transaction,
  publisherTeamId: string,
  userId: string,
): Promise<boolean> {
  const rows = await transaction.query(
    'SELECT FROM publisher_team_member WHERE publisher_team_id = $1 AND user_id = $2',
    [publisherTeamId, userId],
  );
  return rows.length > 0;
}

/** What a coupon of a team can be for: its products, and their plans as "product/plan". */
export async function listOffersOfTeam(transaction: Transaction, publisherTeamId: string): Promise<string[]> {
  const rows = await transaction.query<{ readonly offer: string }>(
    `SELECT slug AS offer FROM api_product WHERE publisher_team_id = $1
     UNION ALL SELECT api_product.slug || '/' || plan.slug FROM plan JOIN api_product ON api_product.id = api_product_id
     WHERE publisher_team_id = $1 ORDER BY 1`,
    [publisherTeamId],
  );
  return rows.map(({ offer }) => offer);
}
