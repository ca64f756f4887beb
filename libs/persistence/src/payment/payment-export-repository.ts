import type { Payment } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** A payment with everything that a row of an export says. */
export interface ExportedPayment extends Payment {
  readonly organizationName: string;
  readonly invoiceNumber: string | null;
  readonly sellerSlug: string;
}

/** Half-open; null where it has no bound. */
export interface ExportSpan {
  readonly from: Date | null;
  readonly to: Date | null;
}

/** One page of payments and failed tries of a span, in the order in which they were recorded. */
export async function listPaymentPage(
  transaction: Transaction,
  { from, to }: ExportSpan,
  after: string | null,
  limit: number,
): Promise<ExportedPayment[]> {
  const rows = await transaction.query<Omit<ExportedPayment, 'amountMinor'> & { readonly amountMinor: string }>(
    `SELECT payment.id, payment.organization_id AS "organizationId", organization.name AS "organizationName",
       payment.invoice_id AS "invoiceId", invoice.number AS "invoiceNumber", invoice.seller_slug AS "sellerSlug",
       payment.provider_payment_id AS "providerPaymentId", payment.attempt, payment.state,
       payment.amount_minor AS "amountMinor", payment.currency, payment.failure_code AS "failureCode",
       payment.failure_message AS "failureMessage", payment.created_at AS "createdAt"
     FROM payment JOIN invoice ON invoice.id = payment.invoice_id
     JOIN organization ON organization.id = payment.organization_id
     WHERE ($1::timestamptz IS NULL OR payment.created_at >= $1) AND ($2::timestamptz IS NULL OR payment.created_at < $2)
       AND ($3::uuid IS NULL OR payment.id > $3)
     ORDER BY payment.id LIMIT $4`,
    [from, to, after, limit],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}
