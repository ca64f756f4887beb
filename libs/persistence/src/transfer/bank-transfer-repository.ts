import type { BankTransfer } from '#domain';
import type { Actor } from '../audit/audit-log.js';
import type { Transaction } from '../database/unit-of-work.js';

type Row = Omit<BankTransfer, 'amountMinor'> & { readonly amountMinor: string };

const COLUMNS = `transfer.id, transfer.organization_id AS "organizationId", transfer.seller_slug AS "sellerSlug", transfer.currency,
  transfer.amount_minor AS "amountMinor", transfer.value_date::text AS "valueDate", transfer.reference, transfer.sender,
  transfer.occurrence, transfer.reverses_id AS "reversesId", transfer.reason, transfer.created_at AS "createdAt"`;

/** What two transfers that may be one have in common. */
export type TransferLook = Pick<BankTransfer, 'sellerSlug' | 'currency' | 'reference' | 'valueDate' | 'amountMinor'>;

/** Nobody else records a transfer that looks like one of these until the transaction ends; locked in one order. */
export async function lockTransferLooks(transaction: Transaction, looks: readonly TransferLook[]): Promise<void> {
  await transaction.query(
    `SELECT pg_advisory_xact_lock(key) FROM (
       SELECT DISTINCT hashtextextended(name, 0) AS key FROM unnest($1::text[]) AS name ORDER BY 1
     ) keys`,
    [
      looks.map(({ sellerSlug, currency, reference, valueDate, amountMinor }) => {
        const parts = [sellerSlug, currency, reference, valueDate, amountMinor.toString()];
        return `bank transfer ${JSON.stringify(parts)}`;
      }),
    ],
  );
}

/** Those that look like it, and how many there ever were; nobody else records one until the transaction ends. */
export async function lockTransfersLike(
  transaction: Transaction,
  { sellerSlug, currency, reference, valueDate, amountMinor }: TransferLook,
): Promise<{ readonly standing: readonly string[]; readonly occurrences: number }> {
  const parameters = [sellerSlug, currency, reference, valueDate, amountMinor.toString()];
  await lockTransferLooks(transaction, [{ sellerSlug, currency, reference, valueDate, amountMinor }]);
  const rows = await transaction.query<{ id: string; isReversed: boolean }>(
    `SELECT id, EXISTS (SELECT FROM bank_transfer other WHERE other.reverses_id = transfer.id) AS "isReversed"
     FROM bank_transfer transfer WHERE reverses_id IS NULL
       AND (seller_slug, currency, reference, value_date, amount_minor) = ($1, $2, $3, $4::date, $5::bigint)`,
    parameters,
  );
  return { standing: rows.filter(({ isReversed }) => !isReversed).map(({ id }) => id), occurrences: rows.length };
}

/** Writes a transfer; by the end of the transaction, payments and balance must have all of it. */
export async function insertBankTransfer(
  transaction: Transaction,
  transfer: BankTransfer,
  actor: Actor,
): Promise<void> {
  await transaction.query(
    `INSERT INTO bank_transfer (id, organization_id, seller_slug, currency, amount_minor, value_date, reference, sender,
       occurrence, reverses_id, reason, actor_kind, actor_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      transfer.id,
      transfer.organizationId,
      transfer.sellerSlug,
      transfer.currency,
      transfer.amountMinor.toString(),
      transfer.valueDate,
      transfer.reference,
      transfer.sender,
      transfer.occurrence,
      transfer.reversesId,
      transfer.reason,
      actor.kind,
      actor.id,
      transfer.createdAt,
    ],
  );
}

/** The transfer, and whether it was taken back; nobody else takes it back until the transaction ends. Null when there is none. */
export async function lockBankTransfer(
  transaction: Transaction,
  transferId: string,
): Promise<(BankTransfer & { readonly isReversed: boolean }) | null> {
  await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`bank transfer ${transferId}`]);
  const [row] = await transaction.query<Row & { isReversed: boolean }>(
    `SELECT ${COLUMNS}, EXISTS (SELECT FROM bank_transfer other WHERE other.reverses_id = transfer.id) AS "isReversed"
     FROM bank_transfer transfer WHERE id = $1`,
    [transferId],
  );
  return row ? { ...row, amountMinor: BigInt(row.amountMinor) } : null;
}

/** What a transfer paid of invoices, in the order of their ids, and what of it went to the balance. */
export async function readTransferParts(
  transaction: Transaction,
  transferId: string,
): Promise<{
  readonly payments: readonly { readonly invoiceId: string; readonly amountMinor: bigint }[];
  readonly keptMinor: bigint;
}> {
  const payments = await transaction.query<{ invoiceId: string; amount: string }>(
    `SELECT invoice_id AS "invoiceId", amount_minor AS amount FROM payment WHERE bank_transfer_id = $1 ORDER BY invoice_id`,
    [transferId],
  );
  const [kept] = await transaction.query<{ amount: string }>(
    `SELECT coalesce(sum(amount_minor), 0) AS amount FROM balance_entry WHERE bank_transfer_id = $1`,
    [transferId],
  );
  return {
    payments: payments.map(({ invoiceId, amount }) => ({ invoiceId, amountMinor: BigInt(amount) })),
    keptMinor: BigInt(kept!.amount),
  };
}

/** The ids of invoices of an organization with a seller, in a currency, that wait for money. */
export async function listOpenInvoiceIds(
  transaction: Transaction,
  { organizationId, sellerSlug, currency }: Pick<BankTransfer, 'organizationId' | 'sellerSlug' | 'currency'>,
): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT id FROM invoice WHERE organization_id = $1 AND seller_slug = $2 AND currency = $3
       AND state IN ('issued', 'past_due')
       AND NOT EXISTS (SELECT FROM checkout WHERE invoice_id = invoice.id AND ended_at IS NULL) ORDER BY id`,
    [organizationId, sellerSlug, currency],
  );
  return rows.map(({ id }) => id);
}

/** A transfer with the names that people know its parts by. */
export interface ListedBankTransfer extends BankTransfer {
  readonly organizationName: string;
  readonly reversedById: string | null;
  readonly payments: readonly {
    readonly invoiceId: string;
    readonly number: string | null;
    readonly amountMinor: bigint;
  }[];
  readonly keptMinor: bigint;
}

/** The newest transfers, older than `before`; of one organization when it is given. */
export async function listBankTransfers(
  transaction: Transaction,
  {
    organizationId,
    before,
    limit,
  }: { readonly organizationId?: string | undefined; readonly before?: string | undefined; readonly limit: number },
): Promise<ListedBankTransfer[]> {
  type ListedRow = Omit<ListedBankTransfer, 'amountMinor' | 'keptMinor' | 'payments'> & {
    readonly amountMinor: string;
    readonly keptMinor: string;
    readonly payments: readonly {
      readonly invoiceId: string;
      readonly number: string | null;
      readonly amount: string;
    }[];
  };
  const rows = await transaction.query<ListedRow>(
    `SELECT ${COLUMNS}, organization.name AS "organizationName",
       (SELECT id FROM bank_transfer other WHERE other.reverses_id = transfer.id) AS "reversedById",
       (SELECT coalesce(sum(amount_minor), 0) FROM balance_entry WHERE bank_transfer_id = transfer.id) AS "keptMinor",
       (SELECT coalesce(json_agg(json_build_object('invoiceId', payment.invoice_id, 'number', invoice.number,
          'amount', payment.amount_minor::text) ORDER BY payment.id), '[]')
        FROM payment JOIN invoice ON invoice.id = payment.invoice_id WHERE bank_transfer_id = transfer.id) AS payments
     FROM bank_transfer transfer JOIN organization ON organization.id = transfer.organization_id
     WHERE ($1::uuid IS NULL OR transfer.organization_id = $1) AND ($2::uuid IS NULL OR transfer.id < $2)
     ORDER BY transfer.id DESC LIMIT $3`,
    [organizationId ?? null, before ?? null, limit],
  );
  return rows.map((row) => ({
    ...row,
    amountMinor: BigInt(row.amountMinor),
    keptMinor: BigInt(row.keptMinor),
    payments: row.payments.map(({ amount, ...payment }) => ({ ...payment, amountMinor: BigInt(amount) })),
  }));
}
