import type { CreditSource } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** A grant with what its seller and its product are called. */
export interface ListedCreditGrant {
  readonly id: string;
  readonly sellerSlug: string;
  readonly sellerName: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly remainingMinor: bigint;
  readonly source: CreditSource;
  readonly priority: number;
  /** The only product whose usage it pays; null for all. */
  readonly product: { readonly id: string; readonly title: string } | null;
  readonly meter: string | null;
  readonly reason: string;
  readonly grantedAt: Date;
  readonly expiresAt: Date | null;
}

/** Grants of an organization: those with something left in the order in which they burn, then the others, newest first; at most 200. */
export async function listCreditGrants(transaction: Transaction, organizationId: string): Promise<ListedCreditGrant[]> {
  const rows = await transaction.query<
    Omit<ListedCreditGrant, 'amountMinor' | 'remainingMinor'> & { amount: string; remaining: string }
  >(
    `SELECT grant_row.id, grant_row.seller_slug AS "sellerSlug", seller.name AS "sellerName", grant_row.currency,
       grant_row.amount_minor AS amount, grant_row.remaining_minor AS remaining, grant_row.source, grant_row.priority,
       CASE WHEN product.id IS NOT NULL THEN json_build_object('id', product.id, 'title', product.title) END AS product,
       grant_row.meter, grant_row.reason, grant_row.granted_at AS "grantedAt", grant_row.expires_at AS "expiresAt"
     FROM credit_grant grant_row JOIN seller ON seller.slug = grant_row.seller_slug
     LEFT JOIN api_product product ON product.id = grant_row.api_product_id
     WHERE grant_row.organization_id = $1
     ORDER BY (grant_row.remaining_minor > 0) DESC,
       CASE WHEN grant_row.remaining_minor > 0 THEN grant_row.priority END,
       CASE WHEN grant_row.remaining_minor > 0 THEN grant_row.expires_at END,
       CASE WHEN grant_row.remaining_minor > 0 THEN grant_row.granted_at END, grant_row.id DESC
     LIMIT 200`,
    [organizationId],
  );
  return rows.map(({ amount, remaining, ...row }) => ({
    ...row,
    amountMinor: BigInt(amount),
    remainingMinor: BigInt(remaining),
  }));
}

/** What became of a grant, with what the invoice is called that burned it. */
export interface ListedCreditEntry {
  readonly grantId: string;
  readonly number: number;
  readonly kind: 'burned' | 'returned' | 'expired';
  readonly currency: string;
  /** Less than 0 for what is gone. */
  readonly amountMinor: bigint;
  /** What was left of the grant then. */
  readonly remainingMinor: bigint;
  readonly reason: string;
  readonly invoiceId: string | null;
  readonly invoiceNumber: string | null;
  /** Null for what came back of an invoice that became void, or was taken back with it. */
  readonly createdAt: Date | null;
}

/** The newest entries of all grants of an organization, at most `limit`. */
export async function listCreditEntries(
  transaction: Transaction,
  organizationId: string,
  limit: number,
): Promise<ListedCreditEntry[]> {
  const rows = await transaction.query<
    Omit<ListedCreditEntry, 'amountMinor' | 'remainingMinor'> & { amount: string; remaining: string }
  >(
    `SELECT entry.grant_id AS "grantId", entry.number, entry.kind, grant_row.currency, entry.amount_minor AS amount,
       entry.remaining_minor AS remaining, grant_row.reason, entry.invoice_id AS "invoiceId",
       invoice.number AS "invoiceNumber", entry.created_at AS "createdAt"
     FROM credit_entry entry JOIN credit_grant grant_row ON grant_row.id = entry.grant_id
     LEFT JOIN invoice ON invoice.id = entry.invoice_id
     WHERE entry.organization_id = $1
     ORDER BY coalesce(entry.created_at, invoice.issued_at, invoice.created_at) DESC, entry.grant_id DESC, entry.number DESC LIMIT $2`,
    [organizationId, limit],
  );
  return rows.map(({ amount, remaining, ...row }) => ({
    ...row,
    amountMinor: BigInt(amount),
    remainingMinor: BigInt(remaining),
  }));
}

/** A period that is not closed, and who invoices it. */
export interface UnclosedPeriod {
  readonly subscriptionId: string;
  readonly apiProductId: string;
  readonly sellerSlug: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** The periods of an organization that have begun by the newest of them and are not closed, oldest first. */
export function listRunningPeriods(transaction: Transaction, organizationId: string): Promise<UnclosedPeriod[]> {
  return transaction.query<UnclosedPeriod>(
    `SELECT period.subscription_id AS "subscriptionId", product.id AS "apiProductId",
       publisher_team.seller_slug AS "sellerSlug", period.starts_at AS "startsAt", period.ends_at AS "endsAt"
     FROM billing_period period JOIN subscription ON subscription.id = period.subscription_id
     JOIN api_product product ON product.id = subscription.api_product_id
     JOIN publisher_team ON publisher_team.id = product.publisher_team_id
     WHERE period.organization_id = $1 AND period.state <> 'closed' ORDER BY period.ends_at, period.subscription_id`,
    [organizationId],
  );
}
