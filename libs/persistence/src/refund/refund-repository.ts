import type { ProviderRefund, Refund, RefundRequest, RefundState } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

const COLUMNS = `refund.id, refund.organization_id AS "organizationId", refund.invoice_id AS "invoiceId",
  refund.credit_note_id AS "creditNoteId", refund.payment_id AS "paymentId", refund.proposal_id AS "proposalId",
  refund.currency, refund.amount_minor AS "amountMinor", refund.state, refund.provider_refund_id AS "providerRefundId",
  refund.provider_credit_note_id AS "providerCreditNoteId", refund.failure_code AS "failureCode",
  refund.failure_message AS "failureMessage", refund.created_at AS "createdAt", refund.succeeded_at AS "succeededAt",
  refund.failed_at AS "failedAt"`;

type RefundRow = Omit<Refund, 'amountMinor'> & { readonly amountMinor: string };

function toRefund(row: RefundRow): Refund {
  return { ...row, amountMinor: BigInt(row.amountMinor) };
}

/** Writes a refund that is pending. The database refuses one that gives back more than is left of its payment. */
export async function insertRefund(transaction: Transaction, refund: Refund): Promise<void> {
  await transaction.query(
    `INSERT INTO refund (id, organization_id, invoice_id, credit_note_id, payment_id, proposal_id, currency, amount_minor,
       state, created_at, provider_refund_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      refund.id,
      refund.organizationId,
      refund.invoiceId,
      refund.creditNoteId,
      refund.paymentId,
      refund.proposalId,
      refund.currency,
      refund.amountMinor.toString(),
      refund.state,
      refund.createdAt,
      refund.providerRefundId,
    ],
  );
}

/** The refund, locked until the transaction ends; null when there is none. */
export async function lockRefund(transaction: Transaction, id: string): Promise<Refund | null> {
  const [row] = await transaction.query<RefundRow>(`SELECT ${COLUMNS} FROM refund WHERE id = $1 FOR UPDATE`, [id]);
  return row ? toRefund(row) : null;
}

/** The refunds of an invoice, oldest first. */
export async function listRefunds(transaction: Transaction, invoiceId: string): Promise<Refund[]> {
  const rows = await transaction.query<RefundRow>(`SELECT ${COLUMNS} FROM refund WHERE invoice_id = $1 ORDER BY id`, [
    invoiceId,
  ]);
  return rows.map(toRefund);
}

/** What the provider must know of a refund, and where it stands: its invoice is the one that was charged. Null when there is none. */
export async function findRefundRequest(
  transaction: Transaction,
  id: string,
): Promise<(RefundRequest & { readonly state: RefundState; readonly isDocumented: boolean }) | null> {
  const [row] = await transaction.query<
    Omit<RefundRequest, 'amountMinor'> & { state: RefundState; isDocumented: boolean; amountMinor: string }
  >(
    `SELECT refund.id AS "refundId", refund.credit_note_id AS "creditNoteId", refund.amount_minor AS "amountMinor",
       invoice.currency, refund.state, refund.provider_credit_note_id IS NOT NULL AS "isDocumented", coalesce(charged.provider_invoice_id, invoice.provider_invoice_id) AS "providerInvoiceId",
       payment.provider_payment_id AS "providerPaymentId", proposal.provider_refund_id AS "providerRefundId", note.reason
     FROM refund JOIN invoice ON invoice.id = refund.invoice_id JOIN payment ON payment.id = refund.payment_id
     LEFT JOIN invoice charged ON charged.id = invoice.joins_invoice_id
     JOIN refund_proposal proposal ON proposal.id = refund.proposal_id
     JOIN credit_note note ON note.id = refund.credit_note_id WHERE refund.id = $1`,
    [id],
  );
  return row ? { ...row, amountMinor: BigInt(row.amountMinor) } : null;
}

/** What becomes of a refund. */
export type RefundChange = Partial<
  Pick<
    Refund,
    | 'state'
    | 'providerRefundId'
    | 'providerCreditNoteId'
    | 'failureCode'
    | 'failureMessage'
    | 'succeededAt'
    | 'failedAt'
  >
>;

/** Writes what is given, and leaves the rest. */
export async function updateRefund(transaction: Transaction, id: string, change: RefundChange): Promise<void> {
  await transaction.query(
    `UPDATE refund SET state = coalesce($2, state), provider_refund_id = coalesce($3, provider_refund_id),
       provider_credit_note_id = coalesce($4, provider_credit_note_id), failure_code = coalesce($5, failure_code),
       failure_message = coalesce($6, failure_message), succeeded_at = coalesce($7, succeeded_at),
       failed_at = coalesce($8, failed_at)
     WHERE id = $1`,
    [
      id,
      change.state ?? null,
      change.providerRefundId ?? null,
      change.providerCreditNoteId ?? null,
      change.failureCode ?? null,
      change.failureMessage ?? null,
      change.succeededAt ?? null,
      change.failedAt ?? null,
    ],
  );
}

/** A payment by card with what was given back of it. */
export interface RefundablePayment {
  readonly id: string;
  readonly paidMinor: bigint;
  /** Σ of its refunds that did not fail. */
  readonly refundedMinor: bigint;
}

/** The payment by card of an invoice of which the most is left and that is not disputed; null when there is none. */
export async function findRefundablePayment(
  transaction: Transaction,
  invoiceId: string,
): Promise<RefundablePayment | null> {
  const [row] = await transaction.query<{ id: string; paid: string; refunded: string }>(
    `SELECT payment.id, payment.amount_minor AS paid, coalesce(sum(refund.amount_minor), 0) AS refunded
     FROM payment LEFT JOIN refund ON refund.payment_id = payment.id AND refund.state <> 'failed'
     WHERE payment.invoice_id = $1 AND payment.method = 'card' AND payment.state = 'succeeded'
       AND NOT EXISTS (SELECT FROM dispute WHERE dispute.payment_id = payment.id AND dispute.state IN ('needs_response', 'under_review', 'lost'))
     GROUP BY payment.id ORDER BY payment.amount_minor - coalesce(sum(refund.amount_minor), 0) DESC, payment.id LIMIT 1`,
    [invoiceId],
  );
  return row ? { id: row.id, paidMinor: BigInt(row.paid), refundedMinor: BigInt(row.refunded) } : null;
}

/** Of the credit note that a refund belongs to. */
export async function findRefundNote(
  transaction: Transaction,
  creditNoteId: string,
): Promise<{ readonly sellerSlug: string; readonly number: string }> {
  const [row] = await transaction.query<{ sellerSlug: string; number: string }>(
    'SELECT seller_slug AS "sellerSlug", number FROM credit_note WHERE id = $1',
    [creditNoteId],
  );
  return row!;
}

/**
 * The refunds that the provider knows by this id, the oldest first: one, or the recorded parts of one that somebody made there. None when
 * it is none of ours.
 */
export async function listRefundsByProvider(
  transaction: Transaction,
  providerRefundId: string,
): Promise<Pick<Refund, 'id' | 'invoiceId'>[]> {
  return transaction.query(
    'SELECT id, invoice_id AS "invoiceId" FROM refund WHERE provider_refund_id = $1 ORDER BY id',
    [providerRefundId],
  );
}

/**
 * Of refunds at the provider, its ids of those that are ours to the whole amount: also of one that we do not know yet what it is called
 * there, as it names ours.
 */
export async function listKnownRefunds(
  transaction: Transaction,
  refunds: readonly Pick<ProviderRefund, 'providerRefundId' | 'refundId' | 'amountMinor'>[],
): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT found.id FROM unnest($1::text[], $2::text[], $3::bigint[]) AS found (id, ours, amount)
     WHERE found.amount = (SELECT sum(amount_minor) FROM refund WHERE provider_refund_id = found.id)
       OR EXISTS (SELECT FROM refund WHERE id::text = found.ours AND provider_refund_id IS NULL)`,
    [
      refunds.map(({ providerRefundId }) => providerRefundId),
      refunds.map(({ refundId }) => refundId),
      refunds.map(({ amountMinor }) => amountMinor.toString()),
    ],
  );
  return rows.map(({ id }) => id);
}

/** A refund that is not over for good. */
export interface UnsettledRefund {
  readonly id: string;
  readonly state: RefundState;
  readonly providerRefundId: string | null;
}

/** One page of the refunds that are pending, or have succeeded since an instant: the bank can still return those. */
export function listUnsettledRefunds(
  transaction: Transaction,
  succeededSince: Date,
  after: string | null,
  limit: number,
): Promise<UnsettledRefund[]> {
  return transaction.query<UnsettledRefund>(
    `SELECT id, state, provider_refund_id AS "providerRefundId" FROM refund
     WHERE (state = 'pending' OR (state = 'succeeded' AND succeeded_at >= $1)) AND ($2::uuid IS NULL OR id > $2)
     ORDER BY id LIMIT $3`,
    [succeededSince, after, limit],
  );
}
