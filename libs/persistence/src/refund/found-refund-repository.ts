import type { FoundRefund } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

type Row = Omit<FoundRefund, 'amountMinor'> & { readonly amountMinor: string };

const COLUMNS = `found_refund.provider_refund_id AS "providerRefundId", found_refund.organization_id AS "organizationId",
  found_refund.invoice_id AS "invoiceId", found_refund.payment_id AS "paymentId", found_refund.currency,
  found_refund.amount_minor AS "amountMinor", found_refund.state, found_refund.found_at AS "foundAt"`;

/** Writes a refund that was found, or its state when it is known; true when it is new. */
export async function saveFoundRefund(transaction: Transaction, found: FoundRefund): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO found_refund (provider_refund_id, organization_id, invoice_id, payment_id, currency, amount_minor, state, found_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (provider_refund_id) DO NOTHING RETURNING 1`,
    [
      found.providerRefundId,
      found.organizationId,
      found.invoiceId,
      found.paymentId,
      found.currency,
      found.amountMinor.toString(),
      found.state,
      found.foundAt,
    ],
  );
  if (rows.length > 0) return true;
  await transaction.query('UPDATE found_refund SET state = $2 WHERE provider_refund_id = $1 AND state <> $2', [
    found.providerRefundId,
    found.state,
  ]);
  return false;
}

/** The refund that was found under this id, locked until the transaction ends; null when there is none. */
export async function lockFoundRefund(transaction: Transaction, providerRefundId: string): Promise<FoundRefund | null> {
  const [row] = await transaction.query<Row>(
    `SELECT ${COLUMNS} FROM found_refund WHERE provider_refund_id = $1 FOR UPDATE`,
    [providerRefundId],
  );
  return row ? { ...row, amountMinor: BigInt(row.amountMinor) } : null;
}

/** A found refund with the names that people know it by. */
export interface ListedFoundRefund extends FoundRefund {
  readonly organization: { readonly id: string; readonly name: string };
  readonly invoiceNumber: string | null;
  /** Somebody has proposed to record it. */
  readonly isProposed: boolean;
}

/** Found refunds that did not fail and that no credit note records, the oldest first; at most 200. */
export async function listUnrecordedRefunds(transaction: Transaction): Promise<ListedFoundRefund[]> {
  const rows = await transaction.query<Omit<ListedFoundRefund, 'amountMinor'> & { readonly amountMinor: string }>(
    `SELECT ${COLUMNS}, invoice.number AS "invoiceNumber",
       json_build_object('id', organization.id, 'name', organization.name) AS organization,
       EXISTS (SELECT FROM refund_proposal proposal WHERE proposal.provider_refund_id = found_refund.provider_refund_id
               AND proposal.state = 'proposed') AS "isProposed"
     FROM found_refund JOIN invoice ON invoice.id = found_refund.invoice_id
     JOIN organization ON organization.id = found_refund.organization_id
     WHERE found_refund.state <> 'failed'
       AND NOT EXISTS (SELECT FROM refund WHERE refund.provider_refund_id = found_refund.provider_refund_id)
     ORDER BY found_refund.found_at, found_refund.provider_refund_id LIMIT 200`,
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}
