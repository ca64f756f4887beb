/** A consumer: the company or person that buys. Created with its first owner at sign-up. */
export interface Organization {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly billingEmail: string | null;
  /** The organization's id at the payment provider, once one is known there. */
  readonly providerCustomerId: string | null;
  readonly createdAt: Date;
  readonly suspendedAt: Date | null;
}

export type MembershipRole = 'owner' | 'admin' | 'developer' | 'billing';

/** A user's place in an organization. */
export interface Membership {
  readonly organizationId: string;
  readonly userId: string;
  readonly role: MembershipRole;
  readonly createdAt: Date;
}

/** Work that a role may do in its organization; the table is exhaustive so that a new role cannot be forgotten. */
export type OrganizationPermission = 'read' | 'manage_applications' | 'manage_billing' | 'manage_members';

const PERMISSIONS: Readonly<Record<MembershipRole, readonly OrganizationPermission[]>> = {
  owner: ['read', 'manage_applications', 'manage_billing', 'manage_members'],
  admin: ['read', 'manage_applications', 'manage_billing', 'manage_members'],
  developer: ['read', 'manage_applications'],
  billing: ['read', 'manage_billing'],
};

/** True when `role` may do `permission` in its organization. */
export function roleAllows(role: MembershipRole, permission: OrganizationPermission): boolean {
  return PERMISSIONS[role].includes(permission);
}

/**
 * A slug from a name: lower-case ASCII letters, digits and single hyphens, at most 48 characters, never empty.
 * Not unique by itself.
 */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 48)
    .replace(/-+$/, '');
  return slug || 'organization';
}
