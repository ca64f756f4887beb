import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';

/** A row of a bank statement: money that came in. */
export interface BankStatementRow {
  readonly hash: string;
  readonly fileName: string;
  readonly line: number;
  readonly sellerSlug: string;
  /** "2026-03-31" */
  readonly valueDate: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
  readonly sender: string;
  readonly state: 'recorded' | 'unmatched' | 'put_aside';
  /** Why no invoice was paid by it. */
  readonly problem: string | null;
  readonly bankTransferId: string | null;
}

type Row = Omit<BankStatementRow, 'amountMinor'> & { readonly amountMinor: string };

const COLUMNS = `hash, file_name AS "fileName", line, seller_slug AS "sellerSlug", value_date::text AS "valueDate",
  amount_minor AS "amountMinor", currency, reference, sender, state, problem, bank_transfer_id AS "bankTransferId"`;

/** Which of the hashes are of rows that are there; nobody else imports rows until the transaction ends. */
export async function lockKnownStatementRows(
  transaction: Transaction,
  hashes: readonly string[],
): Promise<Set<string>> {
  await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('bank statement', 0))`);
  const rows = await transaction.query<{ hash: string }>(`SELECT hash FROM bank_statement_row WHERE hash = ANY ($1)`, [
    [...hashes],
  ]);
  return new Set(rows.map(({ hash }) => hash));
}

export async function insertStatementRow(
  transaction: Transaction,
  row: BankStatementRow,
  importedAt: Date,
): Promise<void> {
  await transaction.query(
    `INSERT INTO bank_statement_row (hash, file_name, line, seller_slug, value_date, amount_minor, currency, reference, sender,
       state, problem, bank_transfer_id, imported_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      row.hash,
      row.fileName,
      row.line,
      row.sellerSlug,
      row.valueDate,
      row.amountMinor.toString(),
      row.currency,
      row.reference,
      row.sender,
      row.state,
      row.problem,
      row.bankTransferId,
      importedAt,
    ],
  );
}

/** A row that waits for a person, with when it was imported. */
export interface WaitingStatementRow extends BankStatementRow {
  readonly importedAt: Date;
}

/** Rows that wait for a person, the oldest first. */
export async function listUnmatchedStatementRows(
  transaction: Transaction,
  { after, limit }: Slice<Pick<WaitingStatementRow, 'importedAt' | 'line' | 'hash'>> = {},
): Promise<WaitingStatementRow[]> {
  const rows = await transaction.query<Row & Pick<WaitingStatementRow, 'importedAt'>>(
    `SELECT ${COLUMNS}, imported_at AS "importedAt" FROM bank_statement_row
     WHERE state = 'unmatched' AND ($1::timestamptz IS NULL OR (imported_at, line, hash) > ($1, $2, $3))
     ORDER BY imported_at, line, hash LIMIT $4`,
    [after?.importedAt ?? null, after?.line ?? null, after?.hash ?? null, limit ?? null],
  );
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }));
}

/** The row, locked until the transaction ends; null when there is none. */
export async function lockStatementRow(transaction: Transaction, hash: string): Promise<BankStatementRow | null> {
  const [row] = await transaction.query<Row>(`SELECT ${COLUMNS} FROM bank_statement_row WHERE hash = $1 FOR UPDATE`, [
    hash,
  ]);
  return row ? { ...row, amountMinor: BigInt(row.amountMinor) } : null;
}

/** What a person decided about a row: a transfer that was recorded for it, or why it is put aside. */
export async function decideStatementRow(
  transaction: Transaction,
  hash: string,
  decision: { readonly bankTransferId: string } | { readonly reason: string },
  decidedAt: Date,
): Promise<void> {
  const isRecorded = 'bankTransferId' in decision;
  await transaction.query(
    `UPDATE bank_statement_row SET state = $2, bank_transfer_id = $3, reason = $4, decided_at = $5 WHERE hash = $1`,
    [
      hash,
      isRecorded ? 'recorded' : 'put_aside',
      isRecorded ? decision.bankTransferId : null,
      isRecorded ? null : decision.reason,
      decidedAt,
    ],
  );
}
