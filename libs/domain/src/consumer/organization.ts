import type { MembershipRole } from './organization-role.js';

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

/** A user's place in an organization. */
export interface Membership {
  readonly organizationId: string;
  readonly userId: string;
  readonly role: MembershipRole;
  readonly createdAt: Date;
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
