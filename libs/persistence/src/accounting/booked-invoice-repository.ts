import type { BookedAdjustment, BookedCreditExpiry, BookedInvoice, BookedTransfer, InvoiceLineKind } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import type { ExportSpan } from '../payment/payment-export-repository.js';
import { cutOfLines } from './cut-of-lines.js';

/** Whose document it is, for the books. */
export interface BookedParty {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly sellerSlug: string;
  readonly currency: string;
}

export type ListedBookedInvoice = BookedInvoice & BookedParty;
export type ListedBookedAdjustment = BookedAdjustment & BookedParty;
export type ListedBookedTransfer = BookedTransfer & BookedParty;
export type ListedBookedCreditExpiry = BookedCreditExpiry & BookedParty;

interface InvoiceRow extends BookedParty {
  readonly id: string;
  readonly number: string | null;
  readonly issuedAt: Date;
  readonly total: string;
  readonly tax: string;
  readonly excess: string;
  readonly excessTax: string;
  readonly givenUpAt: readonly Date[];
  readonly voidedAt: Date | null;
}

/**
 * One page of the issued invoices with something in the books within a span, in the order in which they were made: issued,
 * settled, given up or void in it, or earning a fee in it.
 */
export async function listBookedInvoicePage(
  transaction: Transaction,
  { from, to }: ExportSpan,
  after: string | null,
  limit: number,
): Promise<ListedBookedInvoice[]> {
  const invoices = await transaction.query<InvoiceRow>(
    `SELECT invoice.id, invoice.number, invoice.issued_at AS "issuedAt", invoice.total_minor AS total,
       invoice.tax_minor AS tax, invoice.excess_credit_minor AS excess, invoice.excess_tax_minor AS "excessTax", invoice.currency,
       invoice.seller_slug AS "sellerSlug", organization.id AS "organizationId", organization.name AS "organizationName",
       coalesce(ended."givenUpAt", '{}') AS "givenUpAt", ended."voidedAt"
     FROM invoice JOIN organization ON organization.id = invoice.organization_id
     LEFT JOIN LATERAL (
       SELECT array_agg(created_at ORDER BY created_at) FILTER (WHERE action = 'uncollectible') AS "givenUpAt",
         min(created_at) FILTER (WHERE action = 'void') AS "voidedAt"
       FROM audit_log WHERE noun = 'invoice' AND action IN ('uncollectible', 'void') AND noun_id = invoice.id::text
     ) ended ON true
     WHERE invoice.issued_at IS NOT NULL AND ($2::timestamptz IS NULL OR invoice.issued_at < $2)
       AND ($3::uuid IS NULL OR invoice.id > $3)
       AND ($1::timestamptz IS NULL OR invoice.issued_at >= $1 OR $1 <= ANY (ended."givenUpAt") OR ended."voidedAt" >= $1
         OR EXISTS (SELECT FROM invoice_line WHERE invoice_id = invoice.id AND service_end > $1)
         OR EXISTS (SELECT FROM payment WHERE invoice_id = invoice.id AND created_at >= $1)
         OR EXISTS (SELECT FROM credit_note WHERE invoice_id = invoice.id AND issued_at >= $1)
         OR EXISTS (SELECT FROM refund WHERE invoice_id = invoice.id AND (succeeded_at >= $1 OR failed_at >= $1))
         OR EXISTS (SELECT FROM dispute WHERE invoice_id = invoice.id AND (withdrawn_at >= $1 OR reinstated_at >= $1))
         OR EXISTS (SELECT FROM balance_entry WHERE invoice_id = invoice.id AND created_at >= $1))
     ORDER BY invoice.id LIMIT $4`,
    [from, to, after, limit],
  );
  const parts = await readParts(
    transaction,
    invoices.map(({ id }) => id),
  );
  return invoices.map(({ total, tax, excess, excessTax, ...row }) => ({
    ...row,
    totalMinor: BigInt(total),
    taxMinor: BigInt(tax),
    excessCreditMinor: BigInt(excess),
    excessTaxMinor: BigInt(excessTax),
    lines: (parts.lines.get(row.id) ?? []).map(
      ({ kind, plan, amount, cut, serviceStart, serviceEnd, isPromotional, bonus }) => ({
        kind,
        plan,
        isPromotional,
        bonusMinor: BigInt(bonus),
        amountMinor: BigInt(amount),
        cutMinor: BigInt(cut),
        service: serviceStart && serviceEnd && { startMs: serviceStart.getTime(), endMs: serviceEnd.getTime() },
      }),
    ),
    payments: (parts.payments.get(row.id) ?? []).map(({ id, at, amount, isByProvider, isChargeback }) => ({
      id,
      at,
      amountMinor: BigInt(amount),
      isByProvider,
      isChargeback,
    })),
    disputes: (parts.disputes.get(row.id) ?? []).map(({ id, amount, withdrawnAt, reinstatedAt }) => ({
      id,
      amountMinor: BigInt(amount),
      withdrawnAt,
      reinstatedAt,
    })),
    creditNotes: (parts.notes.get(row.id) ?? []).map(({ id, at, number, nets, tax, reduced, refunded }) => ({
      id,
      at,
      number,
      nets: nets.map(({ plan, amount }) => ({ plan, amountMinor: BigInt(amount) })),
      taxMinor: BigInt(tax),
      reducedMinor: BigInt(reduced),
      refundedMinor: BigInt(refunded),
    })),
    refunds: (parts.refunds.get(row.id) ?? []).map(({ id, amount, succeededAt, failedAt }) => ({
      id,
      amountMinor: BigInt(amount),
      succeededAt,
      failedAt,
    })),
    balanceEntries: (parts.balances.get(row.id) ?? []).map(({ id, at, kind, amount }) => ({
      id,
      at,
      kind,
      amountMinor: BigInt(amount),
    })),
  }));
}

interface Part {
  readonly invoiceId: string;
  readonly id: string;
  readonly at: Date;
  readonly amount: string;
}

async function readParts(transaction: Transaction, ids: readonly string[]) {
  const read = async <Row extends Pick<Part, 'invoiceId'>>(sql: string) =>
    Map.groupBy(await transaction.query<Row>(sql, [[...ids]]), ({ invoiceId }) => invoiceId);
  return {
    lines: await read<{
      invoiceId: string;
      kind: InvoiceLineKind;
      plan: string;
      amount: string;
      cut: string;
      serviceStart: Date | null;
      serviceEnd: Date | null;
      isPromotional: boolean;
      bonus: string;
    }>(
      `SELECT line.invoice_id AS "invoiceId", line.kind, product.slug || '/' || plan.slug AS plan,
         sum(line.amount_minor) AS amount, coalesce(sum(given.cut), 0) AS cut, line.service_start AS "serviceStart", line.service_end AS "serviceEnd",
         coalesce(credit_grant.source <> 'purchased', false) AS "isPromotional",
         coalesce((SELECT credited_minor - price_minor FROM credit_purchase WHERE invoice_id = line.invoice_id
                   AND line.kind = 'credit_purchase'), 0) AS bonus
       FROM invoice_line line LEFT JOIN credit_grant ON credit_grant.id = line.credit_grant_id
       LEFT JOIN ${cutOfLines('(SELECT unnest($1::uuid[]) AS id)')} given ON given.id = line.id
       JOIN plan_version ON plan_version.id = line.plan_version_id
       JOIN plan ON plan.id = plan_version.plan_id JOIN api_product product ON product.id = plan.api_product_id
       WHERE line.invoice_id = ANY($1)
       GROUP BY line.invoice_id, line.kind, product.slug, plan.slug, line.service_start, line.service_end, 7, 8
       ORDER BY line.invoice_id, min(line.position)`,
    ),
    payments: await read<Part & { isByProvider: boolean; isChargeback: boolean }>(
      `SELECT invoice_id AS "invoiceId", id, created_at AS at, amount_minor AS amount, method <> 'transfer' AS "isByProvider",
         method = 'chargeback' AS "isChargeback"
       FROM payment WHERE invoice_id = ANY($1) AND state = 'succeeded' ORDER BY id`,
    ),
    disputes: await read<Omit<Part, 'at'> & { withdrawnAt: Date | null; reinstatedAt: Date | null }>(
      `SELECT invoice_id AS "invoiceId", id, amount_minor AS amount, withdrawn_at AS "withdrawnAt", reinstated_at AS "reinstatedAt"
       FROM dispute WHERE invoice_id = ANY($1) ORDER BY id`,
    ),
    notes: await read<
      Omit<Part, 'amount'> & {
        number: string;
        tax: string;
        reduced: string;
        refunded: string;
        nets: { plan: string; amount: string }[];
      }
    >(
      `SELECT note.invoice_id AS "invoiceId", note.id, note.issued_at AS at, note.number, note.tax_minor AS tax,
         note.reduced_minor AS reduced, note.refunded_minor AS refunded, by_plan.nets
       FROM credit_note note, LATERAL (
         SELECT json_agg(json_build_object('plan', plan, 'amount', amount::text) ORDER BY plan) AS nets FROM (
           SELECT product.slug || '/' || plan.slug AS plan, sum(credited.amount_minor) AS amount
           FROM credit_note_line credited JOIN invoice_line line ON line.id = credited.invoice_line_id
           JOIN plan_version ON plan_version.id = line.plan_version_id JOIN plan ON plan.id = plan_version.plan_id
           JOIN api_product product ON product.id = plan.api_product_id
           WHERE credited.credit_note_id = note.id GROUP BY 1
         ) summed
       ) by_plan
       WHERE note.invoice_id = ANY($1) ORDER BY note.id`,
    ),
    refunds: await read<Omit<Part, 'at'> & { succeededAt: Date | null; failedAt: Date | null }>(
      `SELECT invoice_id AS "invoiceId", id, amount_minor AS amount, succeeded_at AS "succeededAt", failed_at AS "failedAt"
       FROM refund WHERE invoice_id = ANY($1) ORDER BY id`,
    ),
    balances: await read<Part & { kind: 'applied' | 'released' | 'overpayment' }>(
      `SELECT invoice_id AS "invoiceId", id, created_at AS at, amount_minor AS amount, kind
       FROM balance_entry WHERE invoice_id = ANY($1) AND kind IN ('applied', 'released', 'overpayment') ORDER BY id`,
    ),
  };
}

/** One page of the changes of balances by hand in a span, in the order in which they were made. */
export async function listBookedAdjustmentPage(
  transaction: Transaction,
  { from, to }: ExportSpan,
  after: string | null,
  limit: number,
): Promise<ListedBookedAdjustment[]> {
  const rows = await transaction.query<Omit<ListedBookedAdjustment, 'amountMinor'> & { amountMinor: string }>(
    `SELECT entry.id, entry.created_at AS at, entry.amount_minor AS "amountMinor", entry.reason, entry.currency,
       entry.seller_slug AS "sellerSlug", organization.id AS "organizationId", organization.name AS "organizationName"
     FROM balance_entry entry JOIN organization ON organization.id = entry.organization_id
     WHERE entry.kind = 'adjustment' AND ($1::timestamptz IS NULL OR entry.created_at >= $1)
       AND ($2::timestamptz IS NULL OR entry.created_at < $2) AND ($3::uuid IS NULL OR entry.id > $3)
     ORDER BY entry.id LIMIT $4`,
    [from, to, after, limit],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}

/** One page of what transfers put into balances, or took of them again, in a span, in the order in which it was recorded. */
export async function listBookedTransferPage(
  transaction: Transaction,
  { from, to }: ExportSpan,
  after: string | null,
  limit: number,
): Promise<ListedBookedTransfer[]> {
  const rows = await transaction.query<Omit<ListedBookedTransfer, 'amountMinor'> & { amountMinor: string }>(
    `SELECT entry.id, entry.created_at AS at, entry.amount_minor AS "amountMinor", transfer.reference, entry.currency,
       entry.seller_slug AS "sellerSlug", organization.id AS "organizationId", organization.name AS "organizationName"
     FROM balance_entry entry JOIN bank_transfer transfer ON transfer.id = entry.bank_transfer_id
     JOIN organization ON organization.id = entry.organization_id
     WHERE ($1::timestamptz IS NULL OR entry.created_at >= $1)
       AND ($2::timestamptz IS NULL OR entry.created_at < $2) AND ($3::uuid IS NULL OR entry.id > $3)
     ORDER BY entry.id LIMIT $4`,
    [from, to, after, limit],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}

/** One page of the expiries of bought credits in a span, in the order of their grants. */
export async function listBookedCreditExpiryPage(
  transaction: Transaction,
  { from, to }: ExportSpan,
  after: string | null,
  limit: number,
): Promise<ListedBookedCreditExpiry[]> {
  const rows = await transaction.query<Omit<ListedBookedCreditExpiry, 'amountMinor'> & { amountMinor: string }>(
    `SELECT entry.grant_id || ':' || entry.number AS id, entry.created_at AS at, abs(entry.amount_minor) AS "amountMinor",
       credit_grant.currency, credit_grant.seller_slug AS "sellerSlug", organization.id AS "organizationId",
       organization.name AS "organizationName"
     FROM credit_entry entry JOIN credit_grant ON credit_grant.id = entry.grant_id
     JOIN organization ON organization.id = entry.organization_id
     WHERE entry.kind = 'expired' AND credit_grant.source = 'purchased'
       AND ($1::timestamptz IS NULL OR entry.created_at >= $1) AND ($2::timestamptz IS NULL OR entry.created_at < $2)
       AND ($3::uuid IS NULL OR (entry.grant_id, entry.number) > ($3, $4::integer))
     ORDER BY entry.grant_id, entry.number LIMIT $5`,
    [from, to, ...(after?.split(':') ?? [null, null]), limit],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}
