import type { Membership, MembershipRole } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** A member of an organization, with the person's name and address. */
export interface Member extends Membership {
  readonly name: string;
  readonly email: string;
}

/** Where a list of members goes on: after the one who joined then. */
export interface MemberPosition {
  readonly createdAt: Date;
  readonly userId: string;
}

/** The members of an organization from the one who joined first, at most `limit`. */
export function listMembers(
  transaction: Transaction,
  organizationId: string,
  { after, limit }: { readonly after?: MemberPosition | undefined; readonly limit: number },
): Promise<Member[]> {
  return transaction.query<Member>(
    `SELECT organization_id AS "organizationId", user_id AS "userId", role, membership.created_at AS "createdAt",
            "user".name, "user".email
     FROM membership JOIN auth."user" AS "user" ON "user".id = user_id
     WHERE organization_id = $1 AND ($2::timestamptz IS NULL OR (membership.created_at, user_id) > ($2, $3))
     ORDER BY membership.created_at, user_id LIMIT $4`,
    [organizationId, after?.createdAt ?? null, after?.userId ?? null, limit],
  );
}

/** One member, or null. */
export async function findMember(
  transaction: Transaction,
  organizationId: string,
  userId: string,
): Promise<Member | null> {
  const [member] = await transaction.query<Member>(
    `SELECT organization_id AS "organizationId", user_id AS "userId", role, membership.created_at AS "createdAt",
            "user".name, "user".email
     FROM membership JOIN auth."user" AS "user" ON "user".id = user_id
     WHERE organization_id = $1 AND user_id = $2`,
    [organizationId, userId],
  );
  return member ?? null;
}

/** True when somebody with this address, in any case, is a member. */
export async function isMemberAddress(
  transaction: Transaction,
  organizationId: string,
  email: string,
): Promise<boolean> {
  const rows = await transaction.query(
    `SELECT FROM membership JOIN auth."user" AS "user" ON "user".id = user_id
     WHERE organization_id = $1 AND lower("user".email) = lower($2)`,
    [organizationId, email],
  );
  return rows.length > 0;
}

/** How many owners an organization has. */
export async function countOwners(transaction: Transaction, organizationId: string): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM membership WHERE organization_id = $1 AND role = 'owner'`,
    [organizationId],
  );
  return row!.count;
}

/** How many organizations a person owns. Needs the system scope. */
export async function countOwnedOrganizations(transaction: Transaction, userId: string): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    `SELECT count(*)::integer AS count FROM membership WHERE user_id = $1 AND role = 'owner'`,
    [userId],
  );
  return row!.count;
}

export async function updateMembershipRole(
  transaction: Transaction,
  { organizationId, userId, role }: Pick<Membership, 'organizationId' | 'userId' | 'role'>,
): Promise<void> {
  await transaction.query('UPDATE membership SET role = $3 WHERE organization_id = $1 AND user_id = $2', [
    organizationId,
    userId,
    role satisfies MembershipRole,
  ]);
}

export async function deleteMembership(
  transaction: Transaction,
  { organizationId, userId }: Pick<Membership, 'organizationId' | 'userId'>,
): Promise<void> {
  await transaction.query('DELETE FROM membership WHERE organization_id = $1 AND user_id = $2', [
    organizationId,
    userId,
  ]);
}

export async function updateOrganizationName(transaction: Transaction, id: string, name: string): Promise<void> {
  await transaction.query('UPDATE organization SET name = $2 WHERE id = $1', [id, name]);
}

/** Holds a person's row until the transaction ends. */
export async function lockUser(transaction: Transaction, userId: string): Promise<void> {
  await transaction.query('SELECT FROM auth."user" WHERE id = $1 FOR UPDATE', [userId]);
}
