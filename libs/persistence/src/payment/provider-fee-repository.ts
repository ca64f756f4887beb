import type { BookedFee, ProviderFee } from '#domain';
import type { BookedParty } from '../accounting/booked-invoice-repository.js';
import type { Transaction } from '../database/unit-of-work.js';
import type { ExportSpan } from './payment-export-repository.js';

/**
 * Writes down those fees that are of payments of ours and not known; returns how many. That of a charge which has paid several invoices
 * is of the invoice that was charged.
 */
export async function insertProviderFees(
  transaction: Transaction,
  fees: readonly ProviderFee[],
  recordedAt: Date,
): Promise<number> {
  const rows = await transaction.query(
    `INSERT INTO provider_fee (provider_transaction_id, organization_id, invoice_id, payment_id, kind, currency, amount_minor,
       charged_at, recorded_at)
     SELECT fee.id, paid.organization_id, paid.invoice_id, paid.id, fee.kind, fee.currency, fee.amount, fee.charged_at, $7
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[])
       AS fee (id, payment, kind, currency, amount, charged_at)
     CROSS JOIN LATERAL (
       SELECT payment.id, payment.organization_id, payment.invoice_id
       FROM payment JOIN invoice ON invoice.id = payment.invoice_id
       WHERE payment.provider_payment_id = fee.payment AND payment.state = 'succeeded'
       ORDER BY invoice.carried_at IS NOT NULL, invoice.id LIMIT 1
     ) paid
     ON CONFLICT (provider_transaction_id) DO NOTHING RETURNING 1`,
    [
      fees.map(({ providerTransactionId }) => providerTransactionId),
      fees.map(({ providerPaymentId }) => providerPaymentId),
      fees.map(({ kind }) => kind),
      fees.map(({ currency }) => currency),
      fees.map(({ amountMinor }) => amountMinor.toString()),
      fees.map(({ chargedAt }) => chargedAt),
      recordedAt,
    ],
  );
  return rows.length;
}

/** When the newest fee that is known was charged, else when a card first paid; null when none has. */
export async function findFeesKnownUntil(transaction: Transaction): Promise<Date | null> {
  const [row] = await transaction.query<{ at: Date | null }>(
    `SELECT coalesce((SELECT max(charged_at) FROM provider_fee),
       (SELECT min(created_at) FROM payment WHERE method = 'card' AND state = 'succeeded')) AS at`,
  );
  return row!.at;
}

/** Remembers that all fees were read that were charged before an instant; an earlier one than is known changes nothing. */
export async function markFeesRead(transaction: Transaction, until: Date): Promise<void> {
  await transaction.query(
    `INSERT INTO provider_fee_reading (read_until) VALUES ($1)
     ON CONFLICT (is_only) DO UPDATE SET read_until = greatest(provider_fee_reading.read_until, excluded.read_until)`,
    [until],
  );
}

/** Until when all fees were read; null when they never were. */
export async function findFeesReadUntil(transaction: Transaction): Promise<Date | null> {
  const [row] = await transaction.query<{ at: Date }>(`SELECT read_until AS at FROM provider_fee_reading`);
  return row?.at ?? null;
}

/** When the first fee could have been charged: when the first that is known was, or a card first paid; null when none has. */
export async function findFirstFeeTime(transaction: Transaction): Promise<Date | null> {
  const [row] = await transaction.query<{ at: Date | null }>(
    `SELECT least((SELECT min(charged_at) FROM provider_fee),
       (SELECT min(created_at) FROM payment WHERE method = 'card' AND state = 'succeeded')) AS at`,
  );
  return row!.at;
}

/** The fees that were charged in a span, as the provider tells them. */
export async function listFeesOfSpan(
  transaction: Transaction,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<ProviderFee[]> {
  const rows = await transaction.query<Omit<ProviderFee, 'amountMinor'> & { readonly amountMinor: string }>(
    `SELECT fee.provider_transaction_id AS "providerTransactionId", payment.provider_payment_id AS "providerPaymentId", fee.kind,
       fee.currency, fee.amount_minor AS "amountMinor", fee.charged_at AS "chargedAt"
     FROM provider_fee fee JOIN payment ON payment.id = fee.payment_id
     WHERE fee.charged_at >= $1 AND fee.charged_at < $2`,
    [from, to],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}

export type ListedBookedFee = BookedFee & BookedParty;

/** One page of the fees of a span, in the order of the provider's ids of them. */
export async function listBookedFeePage(
  transaction: Transaction,
  { from, to }: ExportSpan,
  after: string | null,
  limit: number,
): Promise<ListedBookedFee[]> {
  const rows = await transaction.query<Omit<ListedBookedFee, 'amountMinor'> & { readonly amountMinor: string }>(
    `SELECT fee.provider_transaction_id AS id, fee.charged_at AS at, fee.kind, fee.amount_minor AS "amountMinor", fee.currency,
       invoice.number AS "invoiceNumber", invoice.seller_slug AS "sellerSlug", organization.id AS "organizationId",
       organization.name AS "organizationName"
     FROM provider_fee fee JOIN invoice ON invoice.id = fee.invoice_id
     JOIN organization ON organization.id = fee.organization_id
     WHERE ($1::timestamptz IS NULL OR fee.charged_at >= $1) AND ($2::timestamptz IS NULL OR fee.charged_at < $2)
       AND ($3::text IS NULL OR fee.provider_transaction_id > $3)
     ORDER BY fee.provider_transaction_id LIMIT $4`,
    [from, to, after, limit],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}
