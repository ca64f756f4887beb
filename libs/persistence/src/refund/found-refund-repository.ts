import type { FoundRefund, RefundState } from '#domain';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';

type Row = Omit<FoundRefund, 'amountMinor'> & { readonly amountMinor: string };

const COLUMNS = `found_refund.provider_refund_id AS "providerRefundId", found_refund.organization_id AS "organizationId",
  found_refund.invoice_id AS "invoiceId", found_refund.payment_id AS "paymentId", found_refund.currency,
  found_refund.amount_minor AS "amountMinor", found_refund.state, found_refund.found_at AS "foundAt"`;

/** Writes what of a refund that was found is of one payment. */
export async function insertFoundRefund(transaction: Transaction, found: FoundRefund): Promise<void> {
  await transaction.query(
    `INSERT INTO found_refund (provider_refund_id, organization_id, invoice_id, payment_id, currency, amount_minor, state, found_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
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
}

/** Writes the state of a refund that was found, of all its parts; false when it is not known. */
export async function followFoundRefund(
  transaction: Transaction,
  providerRefundId: string,
  state: RefundState,
): Promise<boolean> {
  const rows = await transaction.query<{ isKnown: boolean }>(
    `WITH followed AS (UPDATE found_refund SET state = $2 WHERE provider_refund_id = $1 AND state <> $2)
     SELECT EXISTS (SELECT FROM found_refund WHERE provider_refund_id = $1) AS "isKnown"`,
    [providerRefundId, state],
  );
  return rows[0]!.isKnown;
}

/** What of a refund that was found is of this invoice, locked until the transaction ends; null when nothing is. */
export async function lockFoundRefund(
  transaction: Transaction,
  { providerRefundId, invoiceId }: Pick<FoundRefund, 'providerRefundId' | 'invoiceId'>,
): Promise<FoundRefund | null> {
  const [row] = await transaction.query<Row>(
    `SELECT ${COLUMNS} FROM found_refund WHERE provider_refund_id = $1 AND invoice_id = $2 FOR UPDATE`,
    [providerRefundId, invoiceId],
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

/** Where a list of found refunds goes on. */
export type FoundRefundPlace = Pick<FoundRefund, 'foundAt' | 'providerRefundId' | 'invoiceId'>;

/** Found refunds, of one invoice or of all, that did not fail and that no credit note records, the oldest first. */
export async function listUnrecordedRefunds(
  transaction: Transaction,
  { after, limit, invoiceId }: Slice<FoundRefundPlace> & { readonly invoiceId?: string | undefined } = {},
): Promise<ListedFoundRefund[]> {
  const rows = await transaction.query<Omit<ListedFoundRefund, 'amountMinor'> & { readonly amountMinor: string }>(
    `SELECT ${COLUMNS}, invoice.number AS "invoiceNumber",
       json_build_object('id', organization.id, 'name', organization.name) AS organization,
       EXISTS (SELECT FROM refund_proposal proposal WHERE proposal.provider_refund_id = found_refund.provider_refund_id
               AND proposal.invoice_id = found_refund.invoice_id AND proposal.state = 'proposed') AS "isProposed"
     FROM found_refund JOIN invoice ON invoice.id = found_refund.invoice_id
     JOIN organization ON organization.id = found_refund.organization_id
     WHERE found_refund.state <> 'failed'
       AND NOT EXISTS (SELECT FROM refund WHERE refund.provider_refund_id = found_refund.provider_refund_id
         AND refund.invoice_id = found_refund.invoice_id)
       AND ($1::timestamptz IS NULL
            OR (found_refund.found_at, found_refund.provider_refund_id, found_refund.invoice_id) > ($1, $2, $3::uuid))
       AND ($5::uuid IS NULL OR found_refund.invoice_id = $5)
     ORDER BY found_refund.found_at, found_refund.provider_refund_id, found_refund.invoice_id LIMIT $4`,
    [
      after?.foundAt ?? null,
      after?.providerRefundId ?? null,
      after?.invoiceId ?? null,
      limit ?? null,
      invoiceId ?? null,
    ],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}
