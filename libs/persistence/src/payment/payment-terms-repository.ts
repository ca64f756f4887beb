import type { PaymentTerms } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** How organizations pay, by organization; one that there is not is left out. */
export async function readPaymentTermsOf(
  transaction: Transaction,
  organizationIds: readonly string[],
): Promise<Map<string, PaymentTerms>> {
  const rows = await transaction.query<PaymentTerms & { id: string }>(
    `SELECT id, payment_method AS method, net_days AS "netDays" FROM organization WHERE id = ANY ($1)`,
    [organizationIds],
  );
  return new Map(rows.map(({ id, method, netDays }) => [id, { method, netDays }]));
}

/** Changes them for invoices that are issued from now on. */
export async function savePaymentTerms(
  transaction: Transaction,
  organizationId: string,
  { method, netDays }: PaymentTerms,
): Promise<void> {
  await transaction.query(`UPDATE organization SET payment_method = $2, net_days = $3 WHERE id = $1`, [
    organizationId,
    method,
    netDays,
  ]);
}

/** The seller of a product when it has no bank account, else null. */
export async function findSellerWithoutAccount(transaction: Transaction, apiProductId: string): Promise<string | null> {
  const [row] = await transaction.query<{ slug: string }>(
    `SELECT seller.slug FROM api_product product JOIN publisher_team ON publisher_team.id = product.publisher_team_id
     JOIN seller ON seller.slug = publisher_team.seller_slug WHERE product.id = $1 AND seller.bank_account IS NULL`,
    [apiProductId],
  );
  return row?.slug ?? null;
}

/** A seller without a bank account, and how many organizations have to pay it by transfer. */
export interface UnpayableSeller {
  readonly slug: string;
  readonly payers: number;
}

/** Those that organizations which pay by transfer subscribe to, in the order of their names. */
export function listUnpayableSellers(transaction: Transaction): Promise<UnpayableSeller[]> {
  return transaction.query<UnpayableSeller>(
    `SELECT seller.slug, count(DISTINCT organization.id)::integer AS payers FROM seller
     JOIN publisher_team ON publisher_team.seller_slug = seller.slug
     JOIN api_product product ON product.publisher_team_id = publisher_team.id
     JOIN subscription ON subscription.api_product_id = product.id AND subscription.state <> 'canceled'
     JOIN organization ON organization.id = subscription.organization_id AND organization.payment_method = 'transfer'
     WHERE seller.bank_account IS NULL GROUP BY seller.slug ORDER BY seller.slug`,
  );
}

/** The sellers of what an organization subscribes to, of the first one where it is nothing, that have no bank account. */
export async function listSellersWithoutAccount(transaction: Transaction, organizationId: string): Promise<string[]> {
  const rows = await transaction.query<{ slug: string }>(
    `WITH sold AS (
       SELECT DISTINCT publisher_team.seller_slug AS slug FROM subscription
       JOIN api_product ON api_product.id = subscription.api_product_id
       JOIN publisher_team ON publisher_team.id = api_product.publisher_team_id
       WHERE subscription.organization_id = $1 AND subscription.state <> 'canceled'
     )
     SELECT slug FROM seller WHERE bank_account IS NULL
       AND (slug IN (SELECT slug FROM sold) OR (slug = 'default' AND NOT EXISTS (SELECT FROM sold))) ORDER BY slug`,
    [organizationId],
  );
  return rows.map(({ slug }) => slug);
}
