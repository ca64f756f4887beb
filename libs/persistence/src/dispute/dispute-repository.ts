import type { Dispute, DisputeStanding, Payment } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { nameOf } from '../proposal/proposal-rows.js';

const COLUMNS = `dispute.id, dispute.organization_id AS "organizationId", dispute.invoice_id AS "invoiceId",
  dispute.payment_id AS "paymentId", dispute.provider_dispute_id AS "providerDisputeId", dispute.provider_url AS "providerUrl",
  dispute.currency, dispute.amount_minor AS "amountMinor", dispute.is_inquiry AS "isInquiry", dispute.state, dispute.reason,
  dispute.evidence_due_at AS "evidenceDueAt", dispute.opened_at AS "openedAt", dispute.recorded_at AS "recordedAt",
  dispute.withdrawn_at AS "withdrawnAt", dispute.reinstated_at AS "reinstatedAt", dispute.closed_at AS "closedAt",
  dispute.resolution, dispute.resolution_reason AS "resolutionReason", dispute.proposed_by AS "proposedBy",
  dispute.proposed_at AS "proposedAt", dispute.decided_by AS "decidedBy", dispute.decided_at AS "decidedAt"`;

type WithText<Row> = Omit<Row, 'amountMinor'> & { readonly amountMinor: string };

/** In SQL, of a dispute: the bank has not decided, or has and nobody here. */
const IS_UNRESOLVED = `(dispute.closed_at IS NULL OR (dispute.state = 'lost' AND dispute.decided_at IS NULL))`;

/** Writes a dispute as it is now, whether it is new or not; one that was there must be locked. */
export async function saveDispute(transaction: Transaction, dispute: Dispute): Promise<void> {
  await transaction.query(
    `INSERT INTO dispute (id, organization_id, invoice_id, payment_id, provider_dispute_id, provider_url, currency, amount_minor,
       is_inquiry, state, reason, evidence_due_at, opened_at, recorded_at, withdrawn_at, reinstated_at, closed_at, resolution,
       resolution_reason, proposed_by, proposed_at, decided_by, decided_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
     ON CONFLICT (id) DO UPDATE SET provider_url = $6, amount_minor = $8, is_inquiry = $9, state = $10, reason = $11,
       evidence_due_at = $12, opened_at = $13, withdrawn_at = $15, reinstated_at = $16, closed_at = $17, resolution = $18,
       resolution_reason = $19, proposed_by = $20, proposed_at = $21, decided_by = $22, decided_at = $23`,
    [
      dispute.id,
      dispute.organizationId,
      dispute.invoiceId,
      dispute.paymentId,
      dispute.providerDisputeId,
      dispute.providerUrl,
      dispute.currency,
      dispute.amountMinor.toString(),
      dispute.isInquiry,
      dispute.state,
      dispute.reason,
      dispute.evidenceDueAt,
      dispute.openedAt,
      dispute.recordedAt,
      dispute.withdrawnAt,
      dispute.reinstatedAt,
      dispute.closedAt,
      dispute.resolution,
      dispute.resolutionReason,
      dispute.proposedBy,
      dispute.proposedAt,
      dispute.decidedBy,
      dispute.decidedAt,
    ],
  );
}

/** Our dispute with this id, or what of the provider's is of one payment, locked until the transaction ends; null when there is none. */
export async function lockDispute(
  transaction: Transaction,
  key: { readonly id: string } | { readonly providerDisputeId: string; readonly paymentId: string },
): Promise<Dispute | null> {
  const { id, providerDisputeId, paymentId } = { id: null, providerDisputeId: null, paymentId: null, ...key };
  const [row] = await transaction.query<WithText<Dispute>>(
    `SELECT ${COLUMNS} FROM dispute WHERE id = $1::uuid OR (provider_dispute_id = $2 AND payment_id = $3::uuid) FOR UPDATE`,
    [id, providerDisputeId, paymentId],
  );
  return row ? { ...row, amountMinor: BigInt(row.amountMinor) } : null;
}

/** The invoice that a dispute is about; null when there is no such dispute. */
export async function findDisputedInvoiceId(transaction: Transaction, id: string): Promise<string | null> {
  const [row] = await transaction.query<{ invoiceId: string }>(
    'SELECT invoice_id AS "invoiceId" FROM dispute WHERE id = $1',
    [id],
  );
  return row?.invoiceId ?? null;
}

/** What a card paid of an invoice. */
export type CardPayment = Pick<Payment, 'id' | 'organizationId' | 'invoiceId' | 'amountMinor' | 'currency'>;

/**
 * The payments that the provider knows by this id and that succeeded: one, or one of each invoice that a charge has paid, that of the
 * invoice that it was charged for first, then of those that were carried into it, the oldest first. None when it is none of ours.
 */
export async function listCardPayments(transaction: Transaction, providerPaymentId: string): Promise<CardPayment[]> {
  const rows = await transaction.query<WithText<CardPayment>>(
    `SELECT payment.id, payment.organization_id AS "organizationId", payment.invoice_id AS "invoiceId",
       payment.amount_minor AS "amountMinor", payment.currency
     FROM payment JOIN invoice ON invoice.id = payment.invoice_id
     WHERE payment.provider_payment_id = $1 AND payment.state = 'succeeded'
     ORDER BY invoice.carried_at IS NOT NULL, invoice.id`,
    [providerPaymentId],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}

/**
 * What of each payment was taken back, in minor units by its id: refunds that did not fail, whether recorded or only found, and disputes
 * whose money the provider keeps. A payment of which nothing was is left out. Their invoices must be locked.
 */
export async function sumTakenBack(
  transaction: Transaction,
  paymentIds: readonly string[],
): Promise<ReadonlyMap<string, bigint>> {
  const rows = await transaction.query<{ id: string; taken: string }>(
    `SELECT id, sum(amount) AS taken FROM (
       SELECT payment_id AS id, amount_minor AS amount FROM refund WHERE state <> 'failed'
       UNION ALL
       SELECT payment_id, amount_minor FROM found_refund WHERE state <> 'failed' AND NOT EXISTS (SELECT FROM refund
         WHERE (refund.provider_refund_id, refund.payment_id) = (found_refund.provider_refund_id, found_refund.payment_id))
       UNION ALL
       SELECT payment_id, amount_minor FROM dispute WHERE withdrawn_at IS NOT NULL AND reinstated_at IS NULL
     ) taken WHERE id = ANY($1::uuid[]) GROUP BY id`,
    [paymentIds],
  );
  return new Map(rows.map(({ id, taken }) => [id, BigInt(taken)]));
}

/** What of each payment a dispute of the provider is known to be over, in minor units by the id of the payment. */
export async function findDisputedParts(
  transaction: Transaction,
  providerDisputeId: string,
): Promise<ReadonlyMap<string, bigint>> {
  const rows = await transaction.query<{ id: string; amount: string }>(
    'SELECT payment_id AS id, amount_minor AS amount FROM dispute WHERE provider_dispute_id = $1',
    [providerDisputeId],
  );
  return new Map(rows.map(({ id, amount }) => [id, BigInt(amount)]));
}

/** True while the bank has not decided about a payment of the invoice. */
export async function hasOpenDispute(transaction: Transaction, invoiceId: string): Promise<boolean> {
  const rows = await transaction.query(`SELECT 1 FROM dispute WHERE invoice_id = $1 AND closed_at IS NULL LIMIT 1`, [
    invoiceId,
  ]);
  return rows.length > 0;
}

/** Disputes that the bank has not decided, by the provider's id, the oldest first; those after one, at most `limit`. */
export function listOpenDisputes(
  transaction: Transaction,
  after: string | null,
  limit: number,
): Promise<Pick<Dispute, 'id' | 'providerDisputeId'>[]> {
  return transaction.query(
    `SELECT id, provider_dispute_id AS "providerDisputeId" FROM dispute
     WHERE closed_at IS NULL AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`,
    [after, limit],
  );
}

/** The organizations with a dispute that is not over, here or at the bank. */
export async function listDisputingOrganizations(transaction: Transaction): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT DISTINCT organization_id AS id FROM dispute WHERE ${IS_UNRESOLVED} ORDER BY 1`,
  );
  return rows.map(({ id }) => id);
}

/** The disputes that are not over, by currency and by who must act. */
export async function listDisputeStandings(transaction: Transaction): Promise<DisputeStanding[]> {
  const rows = await transaction.query<WithText<DisputeStanding>>(
    `SELECT currency, CASE state WHEN 'needs_response' THEN 'evidence' WHEN 'under_review' THEN 'bank' ELSE 'decision' END AS "waitsFor",
       count(DISTINCT provider_dispute_id)::integer AS count, sum(amount_minor) AS "amountMinor",
       min(evidence_due_at) FILTER (WHERE state = 'needs_response') AS "evidenceDueAt"
     FROM dispute WHERE ${IS_UNRESOLVED} GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}

/** A dispute with the names that people know it by. */
export interface ListedDispute extends Dispute {
  readonly organization: { readonly id: string; readonly name: string };
  readonly invoiceNumber: string | null;
  readonly proposedByName: string | null;
  readonly decidedByName: string | null;
}

/** Which: of one invoice, only what waits for the bank or for a decision, or all. */
export interface DisputeFilter {
  readonly invoiceId?: string | undefined;
  readonly isUnresolved?: boolean | undefined;
}

/** One page of disputes, the newest first; those older than the one with the id `before`. */
export async function listDisputes(
  transaction: Transaction,
  { invoiceId, isUnresolved = false }: DisputeFilter,
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<ListedDispute[]> {
  const rows = await transaction.query<WithText<ListedDispute>>(
    `SELECT ${COLUMNS}, invoice.number AS "invoiceNumber",
       ${nameOf('dispute.proposed_by')} AS "proposedByName", ${nameOf('dispute.decided_by')} AS "decidedByName",
       json_build_object('id', organization.id, 'name', organization.name) AS organization
     FROM dispute JOIN invoice ON invoice.id = dispute.invoice_id JOIN organization ON organization.id = dispute.organization_id
     WHERE ($1::uuid IS NULL OR dispute.invoice_id = $1) AND (NOT $2 OR ${IS_UNRESOLVED})
       AND ($3::uuid IS NULL OR dispute.id < $3)
     ORDER BY dispute.id DESC LIMIT $4`,
    [invoiceId ?? null, isUnresolved, before, limit],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}

/** Disputes by the provider's ids, as far as they are known here. */
export async function findDisputesByProvider(
  transaction: Transaction,
  providerDisputeIds: readonly string[],
): Promise<Map<string, Pick<Dispute, 'id' | 'state' | 'amountMinor' | 'withdrawnAt' | 'reinstatedAt'>>> {
  const rows = await transaction.query<WithText<Dispute>>(
    `SELECT ${COLUMNS} FROM dispute WHERE provider_dispute_id = ANY ($1)`,
    [providerDisputeIds],
  );
  return new Map(rows.map((row) => [row.providerDisputeId, { ...row, amountMinor: BigInt(row.amountMinor) }] as const));
}
