import type { Invoice, InvoiceLine, Seller } from '#domain';
import { In, type QueryDeepPartialEntity } from 'typeorm';
import type { Transaction } from '../database/unit-of-work.js';
import { InvoiceEntity, InvoiceLineEntity } from './invoice-entity.js';

/** Writes drafts with their lines. */
export async function insertDraftInvoices(
  transaction: Transaction,
  drafts: readonly Invoice[],
  lines: readonly InvoiceLine[],
): Promise<void> {
  if (drafts.length > 0) await transaction.repository(InvoiceEntity).insert([...drafts]);
  if (lines.length > 0)
    await transaction.repository(InvoiceLineEntity).insert([...lines] as QueryDeepPartialEntity<InvoiceLineEntity>[]);
}

/**
 * Draws the next `count` numbers of a seller's series and returns the first. The seller's row stays locked until the
 * transaction ends, and rolled back numbers are drawn again, so there are no gaps: draw them late.
 */
export async function drawInvoiceSequences(
  transaction: Transaction,
  sellerSlug: string,
  count: number,
): Promise<{ readonly prefix: Seller['invoicePrefix']; readonly first: number }> {
  const [row] = await transaction.query<{ prefix: string; last: string }>(
    `WITH drawn AS (UPDATE seller SET last_invoice_sequence = last_invoice_sequence + $2 WHERE slug = $1
                    RETURNING invoice_prefix AS prefix, last_invoice_sequence AS last)
     SELECT prefix, last FROM drawn`,
    [sellerSlug, count],
  );
  return { prefix: row!.prefix, first: Number(row!.last) - count + 1 };
}

/** What an invoice is given when it is issued. */
export interface NumberedInvoice extends Pick<Invoice, 'id' | 'balanceAppliedMinor' | 'paymentMethod' | 'netDays'> {
  readonly number: string;
  readonly dueAt: Date;
}

/** Issues invoices with the numbers and terms that they are given, and what each took of a balance. */
export async function numberInvoices(
  transaction: Transaction,
  invoices: readonly NumberedInvoice[],
  issuedAt: Date,
): Promise<void> {
  await transaction.query(
    `UPDATE invoice SET state = 'issued', issued_at = $4, number = numbered.number,
       balance_applied_minor = numbered.applied, payment_method = numbered.method, net_days = numbered.days, due_at = numbered.due
     FROM unnest($1::uuid[], $2::text[], $3::bigint[], $5::text[], $6::integer[], $7::timestamptz[])
       AS numbered (id, number, applied, method, days, due)
     WHERE invoice.id = numbered.id`,
    [
      invoices.map(({ id }) => id),
      invoices.map(({ number }) => number),
      invoices.map(({ balanceAppliedMinor }) => balanceAppliedMinor.toString()),
      issuedAt,
      invoices.map(({ paymentMethod }) => paymentMethod),
      invoices.map(({ netDays }) => netDays),
      invoices.map(({ dueAt }) => dueAt),
    ],
  );
}

/** What may change on an invoice: the state and the payment of an issued one; the number and date while it is issued. */
export type InvoiceChange = Partial<
  Pick<
    Invoice,
    | 'state'
    | 'number'
    | 'generation'
    | 'attempt'
    | 'providerInvoiceId'
    | 'hostedUrl'
    | 'hostedPdfUrl'
    | 'failureCode'
    | 'failureMessage'
    | 'failedAt'
    | 'pastDueSince'
    | 'reviewEndsAt'
    | 'issuedAt'
    | 'paidAt'
    | 'voidReason'
    | 'askedAt'
    | 'carriedAt'
    | 'joinsInvoiceId'
    | 'joinedMinor'
    | 'carriedInMinor'
  >
>;

export async function updateInvoice(transaction: Transaction, invoiceId: string, change: InvoiceChange): Promise<void> {
  await transaction.repository(InvoiceEntity).update({ id: invoiceId }, change);
}

/** What becomes of a draft once its tax is known. */
export type ComputedInvoiceTax = Pick<
  Invoice,
  | 'id'
  | 'buyer'
  | 'taxTreatment'
  | 'taxMinor'
  | 'totalMinor'
  | 'excessTaxMinor'
  | 'failureCode'
  | 'failureMessage'
  | 'failedAt'
>;

/** Writes what the tax of a draft comes to. The database refuses it for every other invoice. */
export async function saveComputedTax(
  transaction: Transaction,
  {
    id,
    buyer,
    taxTreatment,
    taxMinor,
    totalMinor,
    excessTaxMinor,
    failureCode,
    failureMessage,
    failedAt,
  }: ComputedInvoiceTax,
): Promise<void> {
  const taxed = { buyer, taxTreatment, taxMinor, totalMinor, excessTaxMinor, failureCode, failureMessage, failedAt };
  await transaction.repository(InvoiceEntity).update({ id }, taxed as QueryDeepPartialEntity<InvoiceEntity>);
}

/** The ids of drafts of an organization, or with null of all, that wait for the provider's tax, in order after one of them. */
export async function listInvoicesAwaitingTax(
  transaction: Transaction,
  organizationId: string | null,
  after: string | null = null,
  limit: number | null = null,
): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT id FROM invoice WHERE state = 'draft' AND ($1::uuid IS NULL OR organization_id = $1) AND ($2::uuid IS NULL OR id > $2)
     ORDER BY id LIMIT $3`,
    [organizationId, after, limit],
  );
  return rows.map(({ id }) => id);
}

/** The same change of several. */
export async function moveInvoices(
  transaction: Transaction,
  invoiceIds: readonly string[],
  change: Pick<InvoiceChange, 'state' | 'issuedAt' | 'paidAt'>,
): Promise<void> {
  if (invoiceIds.length > 0) await transaction.repository(InvoiceEntity).update({ id: In([...invoiceIds]) }, change);
}

/** The invoice, locked against other changes until the transaction ends; null when there is none. */
export function lockInvoice(transaction: Transaction, invoiceId: string): Promise<Invoice | null> {
  return transaction
    .repository(InvoiceEntity)
    .findOne({ where: { id: invoiceId }, lock: { mode: 'pessimistic_write' } });
}

/** The invoice as it is now, for what never changes of it; null when there is none. */
export function readInvoiceRow(transaction: Transaction, invoiceId: string): Promise<Invoice | null> {
  return transaction.repository(InvoiceEntity).findOneBy({ id: invoiceId });
}

/** These invoices in the order of their ids, each locked as by `lockInvoice`: whoever locks several does it in that order. */
export function lockInvoices(transaction: Transaction, invoiceIds: readonly string[]): Promise<Invoice[]> {
  return transaction
    .repository(InvoiceEntity)
    .find({ where: { id: In([...invoiceIds]) }, order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' } });
}

/** The id of the invoice with this number, or with this id; null when there is none. Numbers of two sellers never meet. */
export async function findInvoiceIdByNumber(transaction: Transaction, numberOrId: string): Promise<string | null> {
  const [row] = await transaction.query<{ id: string }>(`SELECT id FROM invoice WHERE number = $1 OR id::text = $1`, [
    numberOrId,
  ]);
  return row?.id ?? null;
}

export function findInvoiceByProviderId(transaction: Transaction, providerInvoiceId: string): Promise<Invoice | null> {
  return transaction.repository(InvoiceEntity).findOneBy({ providerInvoiceId });
}

/** Lines in the order of their positions. */
export function listInvoiceLines(transaction: Transaction, invoiceId: string): Promise<InvoiceLine[]> {
  return transaction.repository(InvoiceLineEntity).find({ where: { invoiceId }, order: { position: 'ASC' } });
}

/** A line as the payment provider is told of it. */
export interface LineToCollect extends Pick<InvoiceLine, 'id' | 'kind' | 'meter' | 'description' | 'amountMinor'> {
  /** Of the period whose usage it charges. */
  readonly periodStart: Date;
  readonly periodEnd: Date;
}

/** Lines in the order of their positions, issued or not. */
export async function listLinesToCollect(transaction: Transaction, invoiceId: string): Promise<LineToCollect[]> {
  const rows = await transaction.query<Omit<LineToCollect, 'amountMinor'> & { readonly amountMinor: string }>(
    `SELECT line.id, line.kind, line.meter, line.description, line.amount_minor AS "amountMinor",
       line.period_start AS "periodStart", period.ends_at AS "periodEnd"
     FROM invoice_line line
     JOIN billing_period period ON period.subscription_id = line.subscription_id AND period.starts_at = line.period_start
     WHERE line.invoice_id = $1 ORDER BY line.position`,
    [invoiceId],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}

/** The id of the invoice that was made in the place of a void one; null when there is none. */
export async function findReplacementId(transaction: Transaction, invoiceId: string): Promise<string | null> {
  const [row] = await transaction.query<{ id: string }>('SELECT id FROM invoice WHERE replaces_invoice_id = $1', [
    invoiceId,
  ]);
  return row?.id ?? null;
}

/** Past-due invoices of an organization whose last attempt has failed and that wait for another, oldest first, locked; none that was charged back. */
export function lockFailedInvoices(transaction: Transaction, organizationId: string): Promise<Invoice[]> {
  return transaction
    .repository(InvoiceEntity)
    .createQueryBuilder('invoice')
    .setLock('pessimistic_write')
    .where(
      `invoice.organizationId = :organizationId AND invoice.state = 'past_due' AND invoice.failureCode IS NOT NULL AND invoice.chargedBackMinor = 0`,
      {
        organizationId,
      },
    )
    .orderBy('invoice.id')
    .getMany();
}

/** An invoice that is known at the provider and not settled. */
export interface UnsettledInvoice {
  readonly invoiceId: string;
  readonly providerInvoiceId: string;
}

/** The provider's ids of invoices that are known there and not settled here, in the order of ours, after one of ours. */
export async function listUnsettledProviderInvoices(
  transaction: Transaction,
  after: string | null,
  limit: number,
): Promise<UnsettledInvoice[]> {
  return transaction.query(
    `SELECT id AS "invoiceId", provider_invoice_id AS "providerInvoiceId" FROM invoice
     WHERE state IN ('issued', 'past_due', 'uncollectible') AND provider_invoice_id IS NOT NULL AND charged_back_minor = 0 AND ($1::uuid IS NULL OR id > $1)
     ORDER BY id LIMIT $2`,
    [after, limit],
  );
}
