import type { Payment, RefundState } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** A payment, or a refund of one, with everything that a row of an export says. */
export interface ExportedPayment extends Omit<Payment, 'state' | 'method'> {
  readonly kind: 'payment' | 'refund';
  readonly state: Payment['state'] | RefundState;
  readonly organizationName: string;
  readonly invoiceNumber: string | null;
  readonly sellerSlug: string;
}

/** Half-open; null where it has no bound. */
export interface ExportSpan {
  readonly from: Date | null;
  readonly to: Date | null;
}

/** One page of payments, failed tries and refunds of a span, in the order in which they were recorded; refunds are below zero. */
export async function listPaymentPage(
  transaction: Transaction,
  { from, to }: ExportSpan,
  after: string | null,
  limit: number,
): Promise<ExportedPayment[]> {
  const rows = await transaction.query<Omit<ExportedPayment, 'amountMinor'> & { readonly amountMinor: string }>(
    `WITH paid AS (
       SELECT id, 'payment' AS kind, organization_id, invoice_id, provider_payment_id, attempt, state, amount_minor, currency,
         failure_code, failure_message, created_at FROM payment
       WHERE ${inPage('payment')} ORDER BY id LIMIT $4
     ), refunded AS (
       SELECT refund.id, 'refund' AS kind, refund.organization_id, refund.invoice_id, refund.provider_refund_id,
         payment.attempt, refund.state, -refund.amount_minor AS amount_minor, refund.currency, refund.failure_code,
         refund.failure_message, refund.created_at
       FROM refund JOIN payment ON payment.id = refund.payment_id
       WHERE ${inPage('refund')} ORDER BY refund.id LIMIT $4
     )
     SELECT payment.id, payment.kind, payment.organization_id AS "organizationId", organization.name AS "organizationName",
       payment.invoice_id AS "invoiceId", invoice.number AS "invoiceNumber", invoice.seller_slug AS "sellerSlug",
       payment.provider_payment_id AS "providerPaymentId", payment.attempt, payment.state,
       payment.amount_minor AS "amountMinor", payment.currency, payment.failure_code AS "failureCode",
       payment.failure_message AS "failureMessage", payment.created_at AS "createdAt"
     FROM (SELECT * FROM paid UNION ALL SELECT * FROM refunded) AS payment
     JOIN invoice ON invoice.id = payment.invoice_id JOIN organization ON organization.id = payment.organization_id
     ORDER BY payment.id LIMIT $4`,
    [from, to, after, limit],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}

function inPage(table: 'payment' | 'refund'): string {
  return `($1::timestamptz IS NULL OR ${table}.created_at >= $1) AND ($2::timestamptz IS NULL OR ${table}.created_at < $2)
    AND ($3::uuid IS NULL OR ${table}.id > $3)`;
}
