import type { TaxRate } from '#domain';
import { trimDecimal } from '../database/columns.js';
import type { Transaction } from '../database/unit-of-work.js';

const COLUMNS = `id, seller_slug AS "sellerSlug", country, region, category, name, percent, tax_id AS "taxId", note,
  valid_from AS "validFrom", valid_to AS "validTo"`;

/** The rates of some sellers, by seller, place and start; those that are over, or to come, too. */
export async function listTaxRates(transaction: Transaction, sellerSlugs: readonly string[]): Promise<TaxRate[]> {
  const rows = await transaction.query<TaxRate>(
    `SELECT ${COLUMNS} FROM tax_rate WHERE seller_slug = ANY ($1)
     ORDER BY seller_slug, country, region NULLS FIRST, valid_from, name, id`,
    [sellerSlugs],
  );
  return rows.map(toTaxRate);
}

/** The rate, locked until the transaction ends; null when there is none. */
export async function lockTaxRate(transaction: Transaction, id: string): Promise<TaxRate | null> {
  const [row] = await transaction.query<TaxRate>(`SELECT ${COLUMNS} FROM tax_rate WHERE id = $1 FOR UPDATE`, [id]);
  return row ? toTaxRate(row) : null;
}

/** Adds a rate. The database refuses one that is in force together with another of the same place, category and name. */
export async function insertTaxRate(transaction: Transaction, rate: TaxRate): Promise<void> {
  await transaction.query(
    `INSERT INTO tax_rate (id, seller_slug, country, region, category, name, percent, tax_id, note, valid_from, valid_to)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      rate.id,
      rate.sellerSlug,
      rate.country,
      rate.region,
      rate.category,
      rate.name,
      rate.percent,
      rate.taxId,
      rate.note,
      rate.validFrom,
      rate.validTo,
    ],
  );
}

/** Sets when a rate ends: all else of it is fixed. */
export async function saveTaxRateEnd(transaction: Transaction, id: string, validTo: Date | null): Promise<void> {
  await transaction.query(`UPDATE tax_rate SET valid_to = $2 WHERE id = $1`, [id, validTo]);
}

/** A subscription that goes on, and whose it is. */
export interface SoldSubscription {
  readonly subscriptionId: string;
  readonly organizationId: string;
  readonly organization: string;
  readonly product: string;
  readonly anchorAt: Date;
}

/** Those to products of a seller, by organization. */
export function listSoldSubscriptions(transaction: Transaction, sellerSlug: string): Promise<SoldSubscription[]> {
  return transaction.query<SoldSubscription>(
    `SELECT subscription.id AS "subscriptionId", organization.id AS "organizationId", organization.name AS organization,
       product.slug AS product, subscription.anchor_at AS "anchorAt"
     FROM subscription JOIN organization ON organization.id = subscription.organization_id
     JOIN api_product product ON product.id = subscription.api_product_id
     JOIN publisher_team ON publisher_team.id = product.publisher_team_id
     WHERE publisher_team.seller_slug = $1 AND subscription.state <> 'canceled'
     ORDER BY organization.name, subscription.id`,
    [sellerSlug],
  );
}

function toTaxRate(row: TaxRate): TaxRate {
  return { ...row, percent: trimDecimal(row.percent) };
}
