import type { PublisherTeam, StaffRole } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** What a person does for this installation, in order of the names. */
export async function listStaffRolesOfUser(transaction: Transaction, userId: string): Promise<StaffRole[]> {
  const rows = await transaction.query<{ role: StaffRole }>(
    'SELECT role FROM staff_role WHERE user_id = $1 ORDER BY role',
    [userId],
  );
  return rows.map((row) => row.role);
}

/** The publisher teams that a person belongs to, in order of the names. */
export function listPublisherTeamsOfUser(transaction: Transaction, userId: string): Promise<PublisherTeam[]> {
  return transaction.query<PublisherTeam>(
    `SELECT team.id, team.slug, team.name, team.seller_slug AS "sellerSlug", team.created_at AS "createdAt"
     FROM publisher_team team JOIN publisher_team_member member ON member.publisher_team_id = team.id
     WHERE member.user_id = $1 ORDER BY team.name`,
    [userId],
  );
}

/** How many active subscriptions each product has; products without any are left out. Needs the system scope. */
export async function countActiveSubscriptions(transaction: Transaction): Promise<ReadonlyMap<string, number>> {
  const rows = await transaction.query<{ productId: string; count: number }>(
    `SELECT api_product_id AS "productId", count(*)::integer AS count FROM subscription
     WHERE state = 'active' GROUP BY api_product_id`,
  );
  return new Map(rows.map((row) => [row.productId, row.count]));
}
