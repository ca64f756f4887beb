import type { Membership, MembershipRole, Organization } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { MembershipEntity, OrganizationEntity } from './organization-entity.js';

/** Adds an organization; false, and nothing added, when its slug is taken. */
export async function insertOrganization(transaction: Transaction, organization: Organization): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO organization (id, slug, name, billing_email, provider_customer_id, created_at, suspended_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (slug) DO NOTHING RETURNING 1`,
    [
      organization.id,
      organization.slug,
      organization.name,
      organization.billingEmail,
      organization.providerCustomerId,
      organization.createdAt,
      organization.suspendedAt,
    ],
  );
  return rows.length > 0;
}

export function findOrganization(transaction: Transaction, id: string): Promise<Organization | null> {
  return transaction.repository(OrganizationEntity).findOneBy({ id });
}

/** The organization, locked against other changes until the transaction ends; null when there is none. */
export function lockOrganization(transaction: Transaction, id: string): Promise<Organization | null> {
  return transaction.repository(OrganizationEntity).findOne({ where: { id }, lock: { mode: 'for_no_key_update' } });
}

export async function updateOrganizationSuspension(
  transaction: Transaction,
  id: string,
  suspendedAt: Date | null,
): Promise<void> {
  await transaction.repository(OrganizationEntity).update({ id }, { suspendedAt });
}

export async function insertMembership(transaction: Transaction, membership: Membership): Promise<void> {
  await transaction.repository(MembershipEntity).insert(membership);
}

/** The person's place in the organization, or null for somebody who has none. */
export function findMembership(
  transaction: Transaction,
  organizationId: string,
  userId: string,
): Promise<Membership | null> {
  return transaction.repository(MembershipEntity).findOneBy({ organizationId, userId });
}

/** An organization that a person belongs to. */
export interface OrganizationOfUser {
  readonly organization: Pick<Organization, 'id' | 'slug' | 'name' | 'suspendedAt'>;
  readonly role: MembershipRole;
}

/** Every organization of a person, the one joined first at the top. Needs the system scope. */
export async function listOrganizationsOfUser(transaction: Transaction, userId: string): Promise<OrganizationOfUser[]> {
  const rows = await transaction.query<OrganizationOfUser['organization'] & Pick<OrganizationOfUser, 'role'>>(
    `SELECT organization.id, organization.slug, organization.name, organization.suspended_at AS "suspendedAt", role
     FROM membership JOIN organization ON organization.id = organization_id
     WHERE user_id = $1 ORDER BY membership.created_at, organization.id`,
    [userId],
  );
  return rows.map(({ role, ...organization }) => ({ organization, role }));
}

/**
 * The person who has signed up with this address, has not verified it, and belongs nowhere yet; null for anybody else.
 * The row stays locked until the transaction ends. Needs the system scope.
 */
export async function lockNewUser(transaction: Transaction, email: string): Promise<{ readonly id: string } | null> {
  const [row] = await transaction.query<{ id: string }>(
    `SELECT id FROM auth."user"
     WHERE email = lower($1) AND NOT "emailVerified"
       AND NOT EXISTS (SELECT FROM membership WHERE user_id = "user".id)
       AND NOT EXISTS (SELECT FROM staff_role WHERE user_id = "user".id)
       AND NOT EXISTS (SELECT FROM publisher_team_member WHERE user_id = "user".id)
     FOR UPDATE`,
    [email],
  );
  return row ?? null;
}
