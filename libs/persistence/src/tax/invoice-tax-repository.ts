import type { InvoiceTax } from '#domain';
import { trimDecimal } from '../database/columns.js';
import type { Transaction } from '../database/unit-of-work.js';

/** A tax and the invoice that it is of. */
export interface InvoiceTaxRow extends InvoiceTax {
  readonly invoiceId: string;
  readonly organizationId: string;
}

/** Adds the taxes of drafts. */
export async function insertInvoiceTaxes(transaction: Transaction, taxes: readonly InvoiceTaxRow[]): Promise<void> {
  await transaction.query(
    `INSERT INTO invoice_tax (invoice_id, position, organization_id, category, name, percent, country, region,
       taxable_minor, tax_minor)
     SELECT * FROM unnest($1::uuid[], $2::integer[], $3::uuid[], $4::text[], $5::text[], $6::numeric[], $7::text[],
       $8::text[], $9::bigint[], $10::bigint[])`,
    [
      taxes.map(({ invoiceId }) => invoiceId),
      taxes.map(({ position }) => position),
      taxes.map(({ organizationId }) => organizationId),
      taxes.map(({ category }) => category),
      taxes.map(({ name }) => name),
      taxes.map(({ percent }) => percent),
      taxes.map(({ country }) => country),
      taxes.map(({ region }) => region),
      taxes.map(({ taxableMinor }) => taxableMinor.toString()),
      taxes.map(({ taxMinor }) => taxMinor.toString()),
    ],
  );
}

type Row = Omit<InvoiceTaxRow, 'taxableMinor' | 'taxMinor'> & {
  readonly taxableMinor: string;
  readonly taxMinor: string;
};

/** The taxes of invoices, by invoice and position. */
export async function listInvoiceTaxesOf(
  transaction: Transaction,
  invoiceIds: readonly string[],
): Promise<Map<string, InvoiceTax[]>> {
  const rows = await transaction.query<Row>(
    `SELECT invoice_id AS "invoiceId", organization_id AS "organizationId", position, category, name, percent, country,
       region, taxable_minor AS "taxableMinor", tax_minor AS "taxMinor"
     FROM invoice_tax WHERE invoice_id = ANY ($1) ORDER BY invoice_id, position`,
    [invoiceIds],
  );
  return Map.groupBy(rows.map(toInvoiceTax), ({ invoiceId }) => invoiceId);
}

/** The taxes of one invoice, in order; none on an invoice of before taxes. */
export async function listInvoiceTaxes(transaction: Transaction, invoiceId: string): Promise<InvoiceTax[]> {
  return (await listInvoiceTaxesOf(transaction, [invoiceId])).get(invoiceId) ?? [];
}

function toInvoiceTax({ taxableMinor, taxMinor, percent, ...row }: Row): InvoiceTaxRow {
  return { ...row, percent: trimDecimal(percent), taxableMinor: BigInt(taxableMinor), taxMinor: BigInt(taxMinor) };
}
