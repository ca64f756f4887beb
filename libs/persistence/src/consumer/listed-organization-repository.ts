import type { PaymentTerms } from '#domain';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';

/** An organization as staff sees it: who pays, and how. */
export interface ListedOrganization {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly billingEmail: string | null;
  readonly createdAt: Date;
  readonly suspendedAt: Date | null;
  readonly paymentTerms: PaymentTerms;
}

export interface OrganizationFilter {
  readonly organizationId?: string | undefined;
  /** A part of the name, the slug or the billing address, in any case, or the whole id. */
  readonly search?: string | undefined;
  readonly isSuspended?: boolean | undefined;
}

/** Organizations in the order of their slugs, after one; deleted ones are found by their id alone. Needs the system scope. */
export function listOrganizations(
  transaction: Transaction,
  { organizationId, search, isSuspended }: OrganizationFilter,
  { after, limit }: Slice = {},
): Promise<ListedOrganization[]> {
  return transaction.query<ListedOrganization>(
    `SELECT id, slug, name, billing_email AS "billingEmail", created_at AS "createdAt",
            suspended_at AS "suspendedAt",
            json_build_object('method', payment_method, 'netDays', net_days) AS "paymentTerms"
     FROM organization
     WHERE ($1::uuid IS NULL OR id = $1)
       AND ($1::uuid IS NOT NULL OR NOT EXISTS (SELECT FROM organization_deletion WHERE organization_id = organization.id))
       AND ($2::text IS NULL OR strpos(lower(name), lower($2)) > 0 OR strpos(slug, lower($2)) > 0
            OR strpos(lower(billing_email), lower($2)) > 0 OR id::text = lower($2))
       AND ($3::text IS NULL OR slug > $3)
       AND ($5::boolean IS NULL OR (suspended_at IS NOT NULL) = $5)
     ORDER BY slug LIMIT $4`,
    [organizationId ?? null, search ?? null, after ?? null, limit ?? null, isSuspended ?? null],
  );
}
