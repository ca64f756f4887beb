import { InvalidError, type PaymentProvider, lowestUuidV7 } from '#domain';
import type { ProofSpan, Transaction } from '#persistence';
import type { ServiceContext } from '../context.js';
import { FUTURE_TOLERANCE_MS } from '../usage/segment-batch.js';
import { checkBalances } from './check-balances.js';
import { checkCredits } from './check-credits.js';
import { checkSegmentsAndEvents } from './check-events.js';
import { checkInvoices } from './check-invoices.js';
import { checkJournal } from './check-journal.js';
import { checkLines } from './check-lines.js';
import { checkProvider } from './check-provider.js';
import { checkReceivables } from './check-receivables.js';
import { checkRollups } from './check-rollups.js';
import { type CheckResult, type Finding, type VerifyReport, checkResult } from './verify-report.js';
import { withLanes } from './with-lanes.js';

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
 * before, and the first row that differs is named. Reads one instant of the database, page by page, by three connections, and changes
 * nothing.
 * What is on its way from a gateway is a difference until it is acknowledged. Days that are in the archive are read from
 * there: that takes room in Postgres for as many temporary rows as the span has archived events.
 * @throws InvalidError `verify_range_invalid` when only one of `from` and `to` is given, or `to` is not later.
 */
export async function verifyLedger(context: ServiceContext, input: VerifyInput = {}): Promise<VerifyReport> {
  const span = spanOf(input);
  const checkedAt = context.clock.now();
  const checks = await withLanes(context, span, (...ledger) => checkDatabase(context, span, ...ledger));
  if (input.journalFolder !== undefined) await addJournal(context, input.journalFolder, checks);
  if (input.provider) checks.push(await checkProvider(context, input.provider, span));
  return { ok: checks.every(({ ok }) => ok), checkedAt, checks };
}

async function checkDatabase(
  context: ServiceContext,
  span: ProofSpan | null,
  transaction: Transaction,
  lanes: readonly Transaction[],
  unreadable: Finding | null,
): Promise<CheckResult[]> {
  const since = span && new Date(span.from.getTime() - FUTURE_TOLERANCE_MS);
  const ids = span
    ? { fromId: lowestUuidV7(span.from.getTime()), toId: lowestUuidV7(span.to.getTime()) }
    : { fromId: FIRST_ID, toId: LAST_ID };
  return [
    ...(await checkSegmentsAndEvents(transaction, lanes, { ...ids, since }, unreadable)),
    await checkRollups(transaction, lanes, span && { fromMs: span.from.getTime(), toMs: span.to.getTime() }),
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
