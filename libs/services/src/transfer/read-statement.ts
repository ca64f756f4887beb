import { createHash } from 'node:crypto';
import { InvalidError, isCurrency, minorDigits } from '#domain';
import type { BankStatementRow } from '#persistence';
import { readCsv } from '../csv/read-csv.js';
import { MAX_REFERENCE_LENGTH, MAX_TRANSFER_MINOR, isDay, isToCome } from './record-transfer.js';

const COLUMNS = ['date', 'amount', 'currency', 'reference', 'sender'] as const;
/** More rows than a bank puts into a file. */
export const MAX_STATEMENT_ROWS = 5_000;
const MAX_FAULTS = 20;

/** A row of a statement as it is read. */
export type StatementRow = Pick<
  BankStatementRow,
  'hash' | 'line' | 'valueDate' | 'amountMinor' | 'currency' | 'reference' | 'sender'
>;

/**
 * The incoming money of a bank statement: CSV with a header that names `date` (2026-03-31), `amount` (1234.56 or 1234,56, below
 * zero for what went out, which is counted only), `currency`, `reference` and `sender`, in any order. Each row has a hash of what
 * it says and of how many rows above it say the same, so that a file, or one that overlaps it, can be read again.
 * @throws InvalidError `statement_invalid` that names the lines
 */
export function readStatement(
  content: string,
  { sellerSlug, nowMs }: { readonly sellerSlug: string; readonly nowMs: number },
): { readonly rows: readonly StatementRow[]; readonly outgoing: number } {
  const [header, ...lines] = readCsv(content);
  const names = (header?.cells ?? []).map((name) => name.toLowerCase());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0)
    throw invalid([`line 1: the header must name ${COLUMNS.join(', ')}; missing: ${missing.join(', ')}`]);
  if (lines.length > MAX_STATEMENT_ROWS) throw invalid([`more than ${MAX_STATEMENT_ROWS} rows: split the file`]);
  const faults: string[] = [];
  const rows: StatementRow[] = [];
  const seen = new Map<string, number>();
  let outgoing = 0;
  for (const { line, cells } of lines) {
    const of = (column: (typeof COLUMNS)[number]) => cells[names.indexOf(column)] ?? '';
    const [valueDate, currency, reference, sender] = [
      of('date'),
      of('currency').toUpperCase(),
      of('reference'),
      of('sender'),
    ];
    const fault = (message: string) => faults.push(`line ${line}: ${message}`);
    if (!isDay(valueDate)) fault(`date: "${valueDate}" is no day such as 2026-03-31`);
    else if (isToCome(valueDate, nowMs)) fault(`date: ${valueDate} is still to come`);
    const isKnown = isCurrency(currency);
    if (!isKnown) fault(`currency: "${currency}" is no ISO 4217 code such as EUR`);
    const amountMinor = isKnown ? minorOf(of('amount'), currency) : null;
    if (isKnown && amountMinor === null) fault(`amount: "${of('amount')}" is no amount of ${currency} such as 1234.56`);
    if (reference.length > MAX_REFERENCE_LENGTH || sender.length > MAX_REFERENCE_LENGTH)
      fault(`reference and sender: at most ${MAX_REFERENCE_LENGTH} characters each`);
    if (amountMinor === null) continue;
    if (amountMinor <= 0n) {
      outgoing += 1;
      continue;
    }
    const said = JSON.stringify([sellerSlug, valueDate, amountMinor.toString(), currency, reference, sender]);
    const above = seen.get(said) ?? 0;
    seen.set(said, above + 1);
    const hash = createHash('sha256').update(`${said}#${above}`).digest('hex');
    rows.push({ hash, line, valueDate, amountMinor, currency, reference, sender });
  }
  if (faults.length > 0) throw invalid(faults);
  return { rows, outgoing };
}

/** Minor units of an amount with a point or a comma before all or some of the places of its currency; null for no amount. */
function minorOf(text: string, currency: string): bigint | null {
  const digits = minorDigits(currency);
  const [, sign, whole, places = ''] = /^([+-]?)(\d{1,15})(?:[.,](\d+))?$/.exec(text) ?? [];
  if (whole === undefined || places.length > digits) return null;
  const minor = BigInt(whole + places.padEnd(digits, '0'));
  if (minor > MAX_TRANSFER_MINOR) return null;
  return sign === '-' ? -minor : minor;
}

function invalid(faults: readonly string[]): InvalidError {
  const more = faults.length > MAX_FAULTS ? `; and ${faults.length - MAX_FAULTS} more` : '';
  return new InvalidError(
    'statement_invalid',
    `Nothing was imported. ${faults.slice(0, MAX_FAULTS).join('; ')}${more}.`,
  );
}
