import {
  ConflictError,
  DEFAULT_SELLER,
  InvalidError,
  type Invoice,
  NotFoundError,
  type Seller,
  invoiceNumbersIn,
  isInvoiceUnpaid,
} from '#domain';
import {
  type Slice,
  type WaitingStatementRow,
  type Actor,
  type BankStatementRow,
  type Transaction,
  appendToAuditLog,
  decideStatementRow,
  findInvoiceIdByNumber,
  findSeller,
  insertStatementRow,
  listUnmatchedStatementRows,
  lockInvoice,
  lockInvoices,
  lockKnownStatementRows,
  lockSeller,
  lockStatementRow,
  lockTransferLooks,
  lockTransfersLike,
} from '#persistence';
import { byPayer } from '../balance/invoice-entry.js';
import type { ServiceContext } from '../context.js';
import { type StatementRow, readStatement } from './read-statement.js';
import { type RecordTransferInput, type RecordedTransfer, recordTransferIn } from './record-transfer.js';

const nobody = { organizationId: '' };

export interface ImportStatementInput {
  /** Whose account it is of. Default: the seller of publishers that name no other. */
  readonly sellerSlug?: string | undefined;
  readonly fileName: string;
  /** CSV; see `readStatement`. */
  readonly content: string;
  readonly actor: Actor;
}

/** What became of the rows of a statement. */
export interface ImportedStatement {
  readonly recorded: readonly { readonly line: number; readonly transferId: string; readonly invoiceNumber: string }[];
  /** Rows that a person must look at. */
  readonly unmatched: readonly { readonly line: number; readonly hash: string; readonly problem: string }[];
  /** Rows that an earlier file had. */
  readonly known: number;
  /** Rows of money that went out. */
  readonly outgoing: number;
}

/**
 * Imports a bank statement, all of it or, where a line is wrong, nothing. A row whose reference names one invoice of the seller
 * that waits for money in its currency pays that invoice; every other incoming one is kept for a person. A row that was imported
 * before is passed over.
 * @throws InvalidError `statement_invalid` that names the lines; NotFoundError `seller_not_found`
 */
export async function importStatement(
  context: ServiceContext,
  input: ImportStatementInput,
): Promise<ImportedStatement> {
  const { sellerSlug = DEFAULT_SELLER, fileName, content, actor } = input;
  const { rows, outgoing } = readStatement(content, { sellerSlug, nowMs: context.clock.nowMs() });
  return context.unitOfWork.inSystem(async (transaction) => {
    const seller = await findSeller(transaction, sellerSlug);
    if (!seller) throw new NotFoundError('seller');
    const known = await lockKnownStatementRows(
      transaction,
      rows.map(({ hash }) => hash),
    );
    const recorded: { line: number; transferId: string; invoiceNumber: string }[] = [];
    const unmatched: { line: number; hash: string; problem: string }[] = [];
    for (const { row, named } of await lockNamed(
      transaction,
      seller,
      rows.filter(({ hash }) => !known.has(hash)),
    )) {
      const match = await matchRow(transaction, seller, row, named);
      const base = { ...row, fileName, sellerSlug };
      if ('problem' in match) {
        unmatched.push({ line: row.line, hash: row.hash, problem: match.problem });
        const kept = { ...base, state: 'unmatched', problem: match.problem, bankTransferId: null } as const;
        await insertStatementRow(transaction, kept, context.clock.now());
        continue;
      }
      const { id } = await recordTransferIn(context, transaction, {
        ...asTransfer(row),
        pays: { invoiceId: match.invoiceId },
        insist: false,
        actor,
      });
      recorded.push({ line: row.line, transferId: id, invoiceNumber: match.invoiceNumber });
      const taken = { ...base, state: 'recorded', problem: null, bankTransferId: id } as const;
      await insertStatementRow(transaction, taken, context.clock.now());
    }
    const byLine = (one: { line: number }, other: { line: number }) => one.line - other.line;
    return {
      recorded: recorded.toSorted(byLine),
      unmatched: unmatched.toSorted(byLine),
      known: known.size,
      outgoing,
    };
  });
}

/** Rows that wait for a person, the oldest first, after a place in that order. */
export function listUnmatchedRows(
  context: ServiceContext,
  slice: Slice<Pick<WaitingStatementRow, 'importedAt' | 'line' | 'hash'>> = {},
): Promise<WaitingStatementRow[]> {
  return context.unitOfWork.inSystem((transaction) => listUnmatchedStatementRows(transaction, slice));
}

/**
 * Records the transfer of a row that no invoice was found for, as `recordTransfer` does.
 * @throws NotFoundError `bank_statement_row_not_found`; ConflictError `statement_row_decided`, and all of `recordTransfer`
 */
export function assignStatementRow(
  context: ServiceContext,
  {
    hash,
    ...input
  }: { readonly hash: string } & Pick<RecordTransferInput, 'actor' | 'insist'> & {
      readonly pays: { readonly invoiceId: string } | { readonly organizationId: string };
    },
): Promise<RecordedTransfer> {
  return context.unitOfWork.inSystem(async (transaction) => {
    const row = await lockUndecided(transaction, hash);
    const pays = 'invoiceId' in input.pays ? input.pays : { ...input.pays, sellerSlug: row.sellerSlug };
    const recorded = await recordTransferIn(context, transaction, { ...asTransfer(row), ...input, pays });
    await decideStatementRow(transaction, hash, { bankTransferId: recorded.id }, context.clock.now());
    return recorded;
  });
}

/**
 * Puts a row aside that pays nothing here, such as interest.
 * @throws InvalidError `put_aside_reason_missing`; NotFoundError `bank_statement_row_not_found`; ConflictError `statement_row_decided`
 */
export async function putStatementRowAside(
  context: ServiceContext,
  { hash, reason, actor }: { readonly hash: string; readonly reason: string; readonly actor: Actor },
): Promise<void> {
  const why = reason.trim();
  if (why === '') throw new InvalidError('put_aside_reason_missing', 'reason: say why it pays nothing here.');
  return context.unitOfWork.inSystem(async (transaction) => {
    await lockUndecided(transaction, hash);
    const decidedAt = context.clock.now();
    await decideStatementRow(transaction, hash, { reason: why }, decidedAt);
    await appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: null,
      actor,
      action: 'put_aside',
      noun: 'bank_statement_row',
      nounId: hash,
      details: { reason: why },
      createdAt: decidedAt,
    });
  });
}

async function lockUndecided(transaction: Transaction, hash: string): Promise<BankStatementRow> {
  const row = await lockStatementRow(transaction, hash);
  if (!row) throw new NotFoundError('bank_statement_row');
  if (row.state === 'unmatched') return row;
  throw new ConflictError('statement_row_decided', 'The row was recorded or put aside meanwhile.');
}

/** An empty reference is written as the dash that people write. */
function asTransfer({ currency, amountMinor, valueDate, reference, sender }: StatementRow) {
  return { currency, amountMinor, valueDate, reference: reference === '' ? '-' : reference, sender };
}

interface NamedRow {
  readonly row: StatementRow;
  /** The invoice that its reference names, if it names one; null when there is none. */
  readonly named: Invoice | null;
}

/**
 * Locks what the rows of a statement will change before the first of them does, each in the order in which everybody does:
 * transfers that look alike, invoices, and the seller, who is held by all that write balances of several payers. The rows come in
 * the order of their payers, for the same reason.
 */
async function lockNamed(
  transaction: Transaction,
  { slug: sellerSlug, invoicePrefix }: Seller,
  rows: readonly StatementRow[],
): Promise<NamedRow[]> {
  const found: { readonly row: StatementRow; readonly invoiceId: string | null }[] = [];
  for (const row of rows) {
    const [number, ...others] = invoiceNumbersIn(row.reference, invoicePrefix);
    const isOne = number !== undefined && others.length === 0;
    found.push({ row, invoiceId: isOne ? await findInvoiceIdByNumber(transaction, number) : null });
  }
  const looks = found
    .filter(({ invoiceId }) => invoiceId !== null)
    .map(({ row }) => ({ ...asTransfer(row), sellerSlug }));
  await lockTransferLooks(transaction, looks);
  const invoices = await lockInvoices(
    transaction,
    found.flatMap(({ invoiceId }) => invoiceId ?? []),
  );
  await lockSeller(transaction, sellerSlug);
  return found
    .map(({ row, invoiceId }) => ({ row, named: invoices.find(({ id }) => id === invoiceId) ?? null }))
    .toSorted((one, other) => byPayer(one.named ?? nobody, other.named ?? nobody));
}

async function matchRow(
  transaction: Transaction,
  { slug: sellerSlug, invoicePrefix }: Seller,
  row: StatementRow,
  named: Invoice | null,
): Promise<{ readonly invoiceId: string; readonly invoiceNumber: string } | { readonly problem: string }> {
  const numbers = invoiceNumbersIn(row.reference, invoicePrefix);
  if (numbers.length === 0) return { problem: 'The reference names no invoice.' };
  if (numbers.length > 1) return { problem: `The reference names several invoices: ${numbers.join(', ')}.` };
  const [number] = numbers as [string];
  // As it is after the rows before.
  const invoice = named && (await lockInvoice(transaction, named.id));
  if (!invoice || invoice.sellerSlug !== sellerSlug)
    return { problem: `There is no invoice ${number} of this seller.` };
  if (!isInvoiceUnpaid(invoice.state))
    return { problem: `Invoice ${number} is ${invoice.state}: nothing is due of it.` };
  if (invoice.currency !== row.currency) return { problem: `Invoice ${number} is in ${invoice.currency}.` };
  const { standing } = await lockTransfersLike(transaction, { ...asTransfer(row), sellerSlug });
  if (standing.length > 0) return { problem: `A transfer like this one is recorded already (${standing.join(', ')}).` };
  return { invoiceId: invoice.id, invoiceNumber: number };
}
