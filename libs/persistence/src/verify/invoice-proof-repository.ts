import type { BillingPeriod, Invoice, ProviderInvoiceHead } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { InvoiceEntity } from '../invoice/invoice-entity.js';
import { BillingPeriodEntity } from '../subscription/subscription-entity.js';

/** A span of time; a period belongs to it when they overlap. */
export interface ProofSpan {
  readonly from: Date;
  readonly to: Date;
}

/** Closed periods, by subscription and start, after one of them. */
export function listClosedPeriods(
  transaction: Transaction,
  {
    span,
    after,
    limit,
  }: { readonly span: ProofSpan | null; readonly after: BillingPeriod | null; readonly limit: number },
): Promise<BillingPeriod[]> {
  const periods = transaction
    .repository(BillingPeriodEntity)
    .createQueryBuilder('period')
    .where(`period.state = 'closed'`)
    .orderBy('period.subscriptionId')
    .addOrderBy('period.startsAt')
    .limit(limit);
  if (span) periods.andWhere('period.startsAt < :to AND period.endsAt > :from', span);
  if (after) {
    const { subscriptionId, startsAt } = after;
    periods.andWhere('(period.subscriptionId, period.startsAt) > (:subscriptionId, :startsAt)', {
      subscriptionId,
      startsAt,
    });
  }
  return periods.getMany();
}

/** The invoices of a period, in the order in which they were made: each but the last of them is void. */
export function listInvoicesOfPeriod(
  transaction: Transaction,
  { subscriptionId, startsAt }: Pick<BillingPeriod, 'subscriptionId' | 'startsAt'>,
): Promise<Invoice[]> {
  return transaction
    .repository(InvoiceEntity)
    .find({ where: { subscriptionId, periodStart: startsAt, kind: 'period' }, order: { id: 'ASC' } });
}

/** Which invoices are proven. */
export interface InvoicesForProof {
  /** Those whose period overlaps; null for all. */
  readonly span: ProofSpan | null;
  /** Those too that were issued at that instant or later, whatever their period. */
  readonly issuedSince?: Date | null;
}

/** Invoices in the order of their ids, after one of them. */
export function listInvoicesForProof(
  transaction: Transaction,
  {
    span,
    issuedSince = null,
    after,
    limit,
  }: InvoicesForProof & { readonly after: string | null; readonly limit: number },
): Promise<Invoice[]> {
  const invoices = transaction
    .repository(InvoiceEntity)
    .createQueryBuilder('invoice')
    .orderBy('invoice.id')
    .limit(limit);
  if (span)
    invoices.andWhere('(invoice.periodStart < :to AND invoice.periodEnd > :from OR invoice.issuedAt >= :issuedSince)', {
      ...span,
      issuedSince,
    });
  if (after) invoices.andWhere('invoice.id > :after', { after });
  return invoices.getMany();
}

/** What the invoices' payments and periods say, by invoice. */
export interface InvoiceSurroundings {
  readonly invoiceId: string;
  readonly periodState: BillingPeriod['state'] | null;
  readonly periodEnd: Date | null;
  /** Σ of the payments that succeeded. */
  readonly paidMinor: bigint;
  /** Σ of what credit notes took off what was due. */
  readonly creditedMinor: bigint;
}

export async function readInvoiceSurroundings(
  transaction: Transaction,
  invoiceIds: readonly string[],
): Promise<InvoiceSurroundings[]> {
  const rows = await transaction.query<
    Omit<InvoiceSurroundings, 'paidMinor' | 'creditedMinor'> & { paidMinor: string; creditedMinor: string }
  >(
    `SELECT invoice.id AS "invoiceId", period.state AS "periodState", period.ends_at AS "periodEnd",
       (SELECT coalesce(sum(amount_minor), 0)::text FROM payment WHERE invoice_id = invoice.id AND state = 'succeeded') AS "paidMinor",
       (SELECT coalesce(sum(reduced_minor), 0)::text FROM credit_note WHERE invoice_id = invoice.id) AS "creditedMinor"
     FROM invoice
     LEFT JOIN billing_period AS period
       ON period.subscription_id = invoice.subscription_id AND period.starts_at = invoice.period_start
     WHERE invoice.id = ANY($1::uuid[])`,
    [invoiceIds],
  );
  return rows.map((row) => ({
    ...row,
    paidMinor: BigInt(row.paidMinor),
    creditedMinor: BigInt(row.creditedMinor),
  }));
}

/** A seller's series of invoice numbers: how many there are, where it first breaks, and how far the seller has counted. */
export interface NumberSeries {
  readonly seller: string;
  readonly count: bigint;
  /** The first number that is missing between two that exist; null when there is none. */
  readonly missing: bigint | null;
  readonly highest: bigint;
  readonly drawn: bigint;
}

/** One for each seller. */
export async function readNumberSeries(transaction: Transaction): Promise<NumberSeries[]> {
  const rows = await transaction.query<
    Record<'seller' | 'count' | 'highest' | 'drawn', string> & { missing: string | null }
  >(
    `WITH series AS (
       SELECT seller_slug, substring(number FROM '[0-9]+$')::bigint AS sequence FROM invoice WHERE number IS NOT NULL
     ), stepped AS (
       SELECT seller_slug, sequence, lag(sequence, 1, 0::bigint) OVER (PARTITION BY seller_slug ORDER BY sequence) AS before
       FROM series
     ), summed AS (
       SELECT seller_slug, count(*) AS count, min(before + 1) FILTER (WHERE sequence <> before + 1) AS missing,
         max(sequence) AS highest
       FROM stepped GROUP BY seller_slug
     )
     SELECT slug AS seller, coalesce(count, 0) AS count, missing, coalesce(highest, 0) AS highest,
       last_invoice_sequence AS drawn
     FROM seller LEFT JOIN summed ON seller_slug = slug ORDER BY slug`,
  );
  return rows.map(({ seller, count, missing, highest, drawn }) => ({
    seller,
    count: BigInt(count),
    missing: missing === null ? null : BigInt(missing),
    highest: BigInt(highest),
    drawn: BigInt(drawn),
  }));
}

/**
 * Of these ids at the provider, those that no invoice has, although the customer is an organization of ours. One whose invoice
 * here has no id yet is on its way.
 */
export async function listOrphans(
  transaction: Transaction,
  found: readonly Pick<ProviderInvoiceHead, 'providerInvoiceId' | 'providerCustomerId' | 'localInvoiceId'>[],
): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT found.id FROM unnest($1::text[], $2::text[], $3::text[]) AS found (id, customer, local)
     JOIN organization ON organization.provider_customer_id = found.customer
     WHERE NOT EXISTS (SELECT FROM invoice WHERE provider_invoice_id = found.id)
       AND NOT EXISTS (SELECT FROM invoice WHERE invoice.organization_id = organization.id AND invoice.id::text = found.local
                       AND provider_invoice_id IS NULL)
     ORDER BY found.id`,
    [
      found.map(({ providerInvoiceId }) => providerInvoiceId),
      found.map(({ providerCustomerId }) => providerCustomerId),
      found.map(({ localInvoiceId }) => localInvoiceId),
    ],
  );
  return rows.map(({ id }) => id);
}
