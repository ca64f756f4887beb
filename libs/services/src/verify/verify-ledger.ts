import { InvalidError, type PaymentProvider, lowestUuidV7 } from '#domain';
import { type ProofSpan, type Transaction, allowLongStatements } from '#persistence';
import { loadArchivedSpan } from '../archive/read-archive.js';
import type { ServiceContext } from '../context.js';
import { FUTURE_TOLERANCE_MS } from '../usage/segment-batch.js';
import { checkBalances } from './check-balances.js';
import { checkCredits } from './check-credits.js';
import { checkEvents } from './check-events.js';
import { checkInvoices } from './check-invoices.js';
import { checkJournal } from './check-journal.js';
import { checkLines } from './check-lines.js';
import { checkProvider } from './check-provider.js';
import { checkReceivables } from './check-receivables.js';
import { checkRollups } from './check-rollups.js';
import { checkSegments } from './check-segments.js';
import { type CheckResult, type VerifyReport, checkResult } from './verify-report.js';

export interface VerifyInput {
  /** Compares with what the payment provider has, when given. */
  readonly provider?: PaymentProvider;
  /** The journal of a gateway on this machine: what is in it must be acknowledged. */
  readonly journalFolder?: string;
  /** Only usage admitted from here on, and the periods that overlap; with `to`. Default: everything. */
  readonly from?: Date;
  /** Only usage admitted before this. */
  readonly to?: Date;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Proves that journal = ledger = rollups = lines = invoices = receivables = payment provider: every step is computed anew from the one
 * before, and the first row that differs is named. Reads one instant of the database, page by page, and changes nothing.
 * What is on its way from a gateway is a difference until it is acknowledged. Days that are in the archive are read from
 * there: that takes room in Postgres for as many temporary rows as the span has archived events.
 * @throws InvalidError `verify_range_invalid` when only one of `from` and `to` is given, or `to` is not later.
 */
export async function verifyLedger(context: ServiceContext, input: VerifyInput = {}): Promise<VerifyReport> {
  const span = spanOf(input);
  const checkedAt = context.clock.now();
  const checks = await context.unitOfWork.inLedgerSnapshot((transaction) => checkDatabase(context, transaction, span));
  if (input.journalFolder !== undefined) await addJournal(context, input.journalFolder, checks);
  if (input.provider) checks.push(await checkProvider(context, input.provider, span));
  return { ok: checks.every(({ ok }) => ok), checkedAt, checks };
}

async function checkDatabase(
  context: ServiceContext,
  transaction: Transaction,
  span: ProofSpan | null,
): Promise<CheckResult[]> {
  await allowLongStatements(transaction);
  const archiveFinding = await loadArchivedSpan(context, transaction, span);
  const since = span && new Date(span.from.getTime() - FUTURE_TOLERANCE_MS);
  const ids = span
    ? { fromId: lowestUuidV7(span.from.getTime()), toId: lowestUuidV7(span.to.getTime()) }
    : { fromId: FIRST_ID, toId: LAST_ID };
  return [
    await checkSegments(transaction, since),
    await checkEvents(transaction, { ...ids, since }, archiveFinding),
    await checkRollups(transaction, span && { fromMs: span.from.getTime(), toMs: span.to.getTime() }),
    await checkLines(context, transaction, span),
    await checkInvoices(transaction, span),
    await checkBalances(transaction),
    await checkCredits(transaction),
    await checkReceivables(transaction),
  ];
}

/** After the database, and on what is committed by then: a segment may be acknowledged while everything else is checked. */
async function addJournal(context: ServiceContext, folder: string, checks: CheckResult[]): Promise<void> {
  const segments = checks[0]!;
  if (!segments.ok) return;
  const journal = await context.unitOfWork.inSystem((transaction) => checkJournal(transaction, folder));
  checks[0] = checkResult('segments', segments.checked + journal.checked, journal.difference);
}

function spanOf({ from, to }: VerifyInput): ProofSpan | null {
  if (!from && !to) return null;
  if (!from || !to || from >= to) {
    throw new InvalidError('verify_range_invalid', 'Give both ends of the range to verify, “to” later than “from”.');
  }
  return { from, to };
}
