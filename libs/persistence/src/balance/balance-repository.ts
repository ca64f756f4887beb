import type { Balance, BalanceEntry } from '#domain';
import type { Actor } from '../audit/audit-log.js';
import type { Transaction } from '../database/unit-of-work.js';

/** Which balance. */
export type BalanceKey = Pick<Balance, 'organizationId' | 'sellerSlug' | 'currency'>;

/** What an entry comes from, by its id; what it does not come from is left out. */
type Origin = Pick<BalanceEntry, 'invoiceId' | 'adjustmentId' | 'creditNoteId' | 'refundId'>;

/** An entry to be added: the database computes the balance with it. */
export interface NewBalanceEntry extends Omit<BalanceEntry, 'balanceMinor' | keyof Origin>, Partial<Origin> {
  readonly actor: Actor;
  /** The transfer that paid no invoice with it. */
  readonly bankTransferId?: string;
}

/** What is in store, after waiting for everybody else who takes from it; nobody else can until the transaction ends. */
export async function lockBalance(transaction: Transaction, key: BalanceKey): Promise<bigint> {
  const { organizationId, sellerSlug, currency } = key;
  // By name, as there may be no row yet, and the application's role may not write the one there is.
  await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `balance ${organizationId} ${sellerSlug} ${currency}`,
  ]);
  const [row] = await transaction.query<{ amount: string }>(
    `SELECT amount_minor AS amount FROM balance WHERE organization_id = $1 AND seller_slug = $2 AND currency = $3`,
    [organizationId, sellerSlug, currency],
  );
  return BigInt(row?.amount ?? 0);
}

/** The balances with a seller that have something in store, of some organizations, in one order. */
export async function listBalancesInStore(
  transaction: Transaction,
  sellerSlug: string,
  organizationIds: readonly string[],
): Promise<BalanceKey[]> {
  return transaction.query<BalanceKey>(
    `SELECT organization_id AS "organizationId", seller_slug AS "sellerSlug", currency FROM balance
     WHERE seller_slug = $1 AND organization_id = ANY($2::uuid[]) AND amount_minor > 0 ORDER BY organization_id, currency`,
    [sellerSlug, organizationIds],
  );
}

/** Adds an entry to a balance. The database refuses one that would take more than there is. */
export async function insertBalanceEntry(transaction: Transaction, entry: NewBalanceEntry): Promise<void> {
  await transaction.query(
    `INSERT INTO balance_entry (id, organization_id, seller_slug, currency, amount_minor, kind, reason, invoice_id,
       adjustment_id, credit_note_id, refund_id, actor_kind, actor_id, created_at, bank_transfer_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      entry.id,
      entry.organizationId,
      entry.sellerSlug,
      entry.currency,
      entry.amountMinor.toString(),
      entry.kind,
      entry.reason,
      entry.invoiceId ?? null,
      entry.adjustmentId ?? null,
      entry.creditNoteId ?? null,
      entry.refundId ?? null,
      entry.actor.kind,
      entry.actor.id,
      entry.createdAt,
      entry.bankTransferId ?? null,
    ],
  );
}

/** Σ of the entries for what was paid of an invoice beyond what was due, in minor units. */
export async function sumOverpayments(transaction: Transaction, invoiceId: string): Promise<bigint> {
  const [row] = await transaction.query<{ sum: string }>(
    `SELECT coalesce(sum(amount_minor), 0) AS sum FROM balance_entry WHERE invoice_id = $1 AND kind = 'overpayment'`,
    [invoiceId],
  );
  return BigInt(row!.sum);
}

/** A balance with what its seller is called. */
export interface ListedBalance extends Balance {
  readonly sellerName: string;
}

/** The balances of an organization, by seller and currency; those that are used up too. */
export async function listBalances(transaction: Transaction, organizationId: string): Promise<ListedBalance[]> {
  const rows = await transaction.query<Omit<ListedBalance, 'amountMinor'> & { amountMinor: string }>(
    `SELECT organization_id AS "organizationId", seller_slug AS "sellerSlug", seller.name AS "sellerName", currency,
       amount_minor AS "amountMinor"
     FROM balance JOIN seller ON seller.slug = seller_slug
     WHERE organization_id = $1 ORDER BY seller_slug, currency`,
    [organizationId],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}

/** An entry with what the invoice is called that it belongs to. */
export interface ListedBalanceEntry extends BalanceEntry {
  readonly invoiceNumber: string | null;
}

/** The entries of all balances of an organization, newest first, older than `before`. */
export async function listBalanceEntries(
  transaction: Transaction,
  organizationId: string,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<ListedBalanceEntry[]> {
  type Row = Omit<ListedBalanceEntry, 'amountMinor' | 'balanceMinor'> & { amountMinor: string; balanceMinor: string };
  const rows = await transaction.query<Row>(
    `SELECT entry.id, entry.organization_id AS "organizationId", entry.seller_slug AS "sellerSlug", entry.currency,
       entry.amount_minor AS "amountMinor", entry.balance_minor AS "balanceMinor", entry.kind, entry.reason,
       entry.invoice_id AS "invoiceId", entry.adjustment_id AS "adjustmentId",
       entry.credit_note_id AS "creditNoteId", entry.created_at AS "createdAt",
       invoice.number AS "invoiceNumber"
     FROM balance_entry entry LEFT JOIN invoice ON invoice.id = entry.invoice_id
     WHERE entry.organization_id = $1 AND ($2::uuid IS NULL OR entry.id < $2)
     ORDER BY entry.id DESC LIMIT $3`,
    [organizationId, before ?? null, limit],
  );
  return rows.map((row) => ({
    ...row,
    amountMinor: BigInt(row.amountMinor),
    balanceMinor: BigInt(row.balanceMinor),
  }));
}
