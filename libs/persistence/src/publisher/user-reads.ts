import type { PublisherTeam, StaffRole } from '#domain';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';

/** Somebody who has signed up, with every role of theirs. */
export interface ListedUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly isVerified: boolean;
  readonly hasTwoFactor: boolean;
  readonly createdAt: Date;
  readonly staffRoles: readonly StaffRole[];
  readonly publisherTeams: readonly { readonly slug: string; readonly name: string }[];
  readonly organizations: readonly { readonly id: string; readonly name: string; readonly role: string }[];
}

export interface UserFilter {
  readonly userId?: string | undefined;
  /** A part of the name or the address, in any case. */
  readonly search?: string | undefined;
  /** Only people with a role of the staff or a place in a publisher team. */
  readonly isStaff?: boolean | undefined;
  /** Go on after this address. */
  readonly after?: string | undefined;
}

/** Up to `limit` people who have not deleted their accounts, in the order of their addresses. Needs the system scope. */
export async function listUsers(
  transaction: Transaction,
  { userId, search, isStaff, after }: UserFilter,
  limit: number,
): Promise<ListedUser[]> {
  const rows = await transaction.query<ListedUser>(
    `SELECT u.id, u.name, u.email, u."emailVerified" AS "isVerified",
            u."twoFactorEnabled" AS "hasTwoFactor", u."createdAt",
            ARRAY(SELECT role FROM staff_role WHERE user_id = u.id ORDER BY role) AS "staffRoles",
            (SELECT coalesce(json_agg(json_build_object('slug', team.slug, 'name', team.name) ORDER BY team.name), '[]')
             FROM publisher_team_member place JOIN publisher_team team ON team.id = place.publisher_team_id
             WHERE place.user_id = u.id) AS "publisherTeams",
            (SELECT coalesce(json_agg(json_build_object('id', organization.id, 'name', organization.name,
                      'role', membership.role) ORDER BY membership.created_at), '[]')
             FROM membership JOIN organization ON organization.id = membership.organization_id
             WHERE membership.user_id = u.id) AS organizations
     FROM auth."user" u
     WHERE NOT EXISTS (SELECT FROM user_deletion WHERE user_id = u.id) AND ($1::text IS NULL OR u.id = $1)
       AND ($2::text IS NULL OR strpos(lower(u.email), lower($2)) > 0 OR strpos(lower(u.name), lower($2)) > 0)
       AND (NOT $3::boolean OR EXISTS (SELECT FROM staff_role WHERE user_id = u.id)
         OR EXISTS (SELECT FROM publisher_team_member WHERE user_id = u.id))
       AND ($4::text IS NULL OR u.email > $4)
     ORDER BY u.email LIMIT $5`,
    [userId ?? null, search ?? null, isStaff ?? false, after ?? null, limit],
  );
  return rows;
}

/** Publisher teams by slug, after one. */
export function listPublisherTeams(transaction: Transaction, { after, limit }: Slice = {}): Promise<PublisherTeam[]> {
  return transaction.query<PublisherTeam>(
    `SELECT id, slug, name, seller_slug AS "sellerSlug", created_at AS "createdAt" FROM publisher_team
     WHERE $1::text IS NULL OR slug > $1 ORDER BY slug LIMIT $2`,
    [after ?? null, limit ?? null],
  );
}
