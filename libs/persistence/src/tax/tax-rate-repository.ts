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

function toTaxRate(row: TaxRate): TaxRate {
  return { ...row, percent: trimDecimal(row.percent) };
}
