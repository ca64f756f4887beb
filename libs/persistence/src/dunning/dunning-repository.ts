import { type DunningCase, type DunningClockReading, type DunningStep, UNDECIDED_CODES } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { IN_FAIR_ORDER, isDueAgain, joinFailures } from './dunning-failure-repository.js';

/** The clock of dunning as it was read last, locked until the transaction ends; null before the first time. */
export async function lockDunningClock(transaction: Transaction): Promise<DunningClockReading | null> {
  const [row] = await transaction.query<{ runningMs: string; readAt: Date; offsetMs: string }>(
    'SELECT running_ms AS "runningMs", read_at AS "readAt", offset_ms AS "offsetMs" FROM dunning_clock FOR UPDATE',
  );
  return (
    (row ?? null) && {
      runningMs: Number(row!.runningMs),
      readAtMs: row!.readAt.getTime(),
      offsetMs: Number(row!.offsetMs),
    }
  );
}

/** What the clock of dunning showed when it was read last, in milliseconds; 0 before the first time. */
export async function readDunningRunningMs(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ runningMs: string }>('SELECT running_ms AS "runningMs" FROM dunning_clock');
  return Number(row?.runningMs ?? 0);
}

export async function saveDunningClock(
  transaction: Transaction,
  { runningMs, readAtMs, offsetMs }: DunningClockReading,
): Promise<void> {
  await transaction.query(
    `INSERT INTO dunning_clock (running_ms, read_at, offset_ms) VALUES ($1, $2, $3)
     ON CONFLICT (id) DO UPDATE SET running_ms = $1, read_at = $2, offset_ms = $3`,
    [runningMs, new Date(readAtMs), offsetMs],
  );
}

/**
 * Takes time that the clock has run back from the cases that it does not count for: those of organizations that are paused at
 * `at`, those with a payment in dispute, and those whose last attempt nobody has answered.
 */
export async function shiftWaitingCases(transaction: Transaction, at: Date, byMs: number): Promise<void> {
  await transaction.query(
    `UPDATE dunning_case SET start_ms = start_ms + $2 FROM invoice
     WHERE invoice.id = invoice_id AND ended_at IS NULL AND next_after_ms IS NOT NULL
       AND (NOT ${IS_ANSWERED} OR NOT ${IS_UNDISPUTED}
            OR EXISTS (SELECT FROM dunning_pause pause WHERE pause.organization_id = dunning_case.organization_id AND pause.until > $1))`,
    [at, byMs],
  );
}

/** In SQL, of an invoice: there is no answer to wait for; as `dunningAction` of the domain has it. */
const IS_ANSWERED = `coalesce(failure_code NOT IN (${UNDECIDED_CODES.map((code) => `'${code}'`).join(', ')}),
  payment_method = 'transfer' OR paid_minor > 0 OR charged_back_minor > 0)`;

/** In SQL, of an invoice: no bank has still to decide about a payment of it. */
const IS_UNDISPUTED = `NOT EXISTS (SELECT FROM dispute WHERE dispute.invoice_id = invoice.id AND dispute.closed_at IS NULL)`;

/** The provider's ids of invoices that have an open case, the newest cases first; at most `limit`. */
export async function listOpenProviderInvoices(transaction: Transaction, limit: number): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT invoice.provider_invoice_id AS id FROM dunning_case JOIN invoice ON invoice.id = invoice_id
     WHERE ended_at IS NULL AND next_after_ms IS NOT NULL AND invoice.provider_invoice_id IS NOT NULL
     ORDER BY start_ms DESC LIMIT $1`,
    [limit],
  );
  return rows.map(({ id }) => id);
}

/** An invoice for which dunning has something to do. */
export interface DueDunning {
  readonly invoiceId: string;
  readonly organizationId: string;
  /** It could not be done before. */
  readonly hasFailed: boolean;
}

/**
 * Invoices for which there is something to do at `at`, oldest first, but those that failed last and only when they are due again: a payment has failed that nothing followed yet, one was
 * answered, a step is due by `runningMs` on the clock of dunning, or the invoice is settled. Those of paused organizations are
 * left out until they are settled.
 */
export function listDueDunning(
  transaction: Transaction,
  { at, runningMs, limit }: { readonly at: Date; readonly runningMs: number; readonly limit: number },
): Promise<DueDunning[]> {
  return transaction.query<DueDunning>(
    `SELECT id AS "invoiceId", due.organization_id AS "organizationId", failed.kind IS NOT NULL AS "hasFailed" FROM (
       SELECT invoice.id, invoice.organization_id FROM invoice
       WHERE state = 'past_due' AND ${IS_ANSWERED} AND ${IS_UNDISPUTED}
         AND NOT EXISTS (SELECT FROM dunning_case WHERE invoice_id = invoice.id AND ended_at IS NULL)
       UNION ALL
       SELECT invoice.id, invoice.organization_id FROM dunning_case JOIN invoice ON invoice.id = invoice_id
       WHERE ended_at IS NULL
         AND (invoice.state IN ('paid', 'void')
              OR (invoice.state = 'past_due' AND ${IS_ANSWERED} AND ${IS_UNDISPUTED}
                  AND ((payment_method = 'card' AND paid_minor = 0 AND charged_back_minor = 0 AND attempt > told_attempt) OR start_ms + next_after_ms <= $2)
                  AND NOT EXISTS (SELECT FROM dunning_pause pause
                                  WHERE pause.organization_id = invoice.organization_id AND pause.until > $1)))
     ) due ${joinFailures('case', 'due.id')} WHERE ${isDueAgain('$1')}
     ORDER BY ${IN_FAIR_ORDER}, id LIMIT $3`,
    [at, runningMs, limit],
  );
}

const COLUMNS = `dunning_case.invoice_id AS "invoiceId", dunning_case.organization_id AS "organizationId", began_at AS "beganAt",
  start_ms AS "startMs", told_attempt AS "toldAttempt", retries_made AS "retriesMade", warned_at AS "warnedAt",
  suspended_at AS "suspendedAt", exhausted_at AS "exhaustedAt", ended_at AS "endedAt"`;

type CaseRow = Omit<DunningCase, 'startMs'> & { readonly startMs: string };

const toCase = (row: CaseRow): DunningCase => ({ ...row, startMs: Number(row.startMs) });

/** The case of an invoice, locked until the transaction ends; null when there is none. */
export async function lockDunningCase(transaction: Transaction, invoiceId: string): Promise<DunningCase | null> {
  const [row] = await transaction.query<CaseRow>(
    `SELECT ${COLUMNS} FROM dunning_case WHERE invoice_id = $1 FOR UPDATE`,
    [invoiceId],
  );
  return row ? toCase(row) : null;
}

/** Writes how far a case is, whether it is new or not; one that was there must be locked. `nextAfterMs` is null when no step follows. */
export async function saveDunningCase(
  transaction: Transaction,
  found: DunningCase,
  nextAfterMs: number | null,
): Promise<void> {
  await transaction.query(
    `INSERT INTO dunning_case (invoice_id, organization_id, began_at, start_ms, told_attempt, retries_made, warned_at, suspended_at,
       exhausted_at, ended_at, next_after_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (invoice_id) DO UPDATE SET began_at = $3, start_ms = $4, told_attempt = $5, retries_made = $6, warned_at = $7,
       suspended_at = $8, exhausted_at = $9, ended_at = $10, next_after_ms = $11`,
    [
      found.invoiceId,
      found.organizationId,
      found.beganAt,
      found.startMs,
      found.toldAttempt,
      found.retriesMade,
      found.warnedAt,
      found.suspendedAt,
      found.exhaustedAt,
      found.endedAt,
      nextAfterMs,
    ],
  );
}

/** Adds an entry to the history of an invoice. */
export async function insertDunningStep(transaction: Transaction, step: DunningStep): Promise<void> {
  await transaction.query(
    `INSERT INTO dunning_step (id, organization_id, invoice_id, kind, at, attempt, note) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [step.id, step.organizationId, step.invoiceId, step.kind, step.at, step.attempt, step.note],
  );
}

/** The history of an invoice, oldest first. */
export function listDunningSteps(transaction: Transaction, invoiceId: string): Promise<DunningStep[]> {
  return transaction.query<DunningStep>(
    `SELECT id, organization_id AS "organizationId", invoice_id AS "invoiceId", kind, at, attempt, note
     FROM dunning_step WHERE invoice_id = $1 ORDER BY at, id`,
    [invoiceId],
  );
}

/** Unpaid invoices by transfer that are due between `at` and `dueBy`, of which nothing was told yet; the first due first. */
export function listTransfersToRemind(
  transaction: Transaction,
  { at, dueBy, limit }: { readonly at: Date; readonly dueBy: Date; readonly limit: number },
): Promise<DueDunning[]> {
  return transaction.query<DueDunning>(
    `SELECT id AS "invoiceId", invoice.organization_id AS "organizationId", failed.kind IS NOT NULL AS "hasFailed"
     FROM invoice ${joinFailures('reminder', 'invoice.id')}
     WHERE ${isDueAgain('$1')} AND state = 'issued' AND payment_method = 'transfer' AND due_at > $1 AND due_at <= $2
       AND NOT EXISTS (SELECT FROM dunning_step WHERE invoice_id = invoice.id)
       AND NOT EXISTS (SELECT FROM dunning_pause pause WHERE pause.organization_id = invoice.organization_id AND pause.until > $1)
     ORDER BY ${IN_FAIR_ORDER}, due_at, id LIMIT $3`,
    [at, dueBy, limit],
  );
}

/** What the open cases of an organization say of its subscriptions. */
export interface DunningStanding {
  readonly isPastDue: boolean;
  /** Grace is over for one at least, or a payment is disputed and its seller suspends then; and dunning is not paused. */
  readonly isSuspended: boolean;
}

export async function readDunningStanding(
  transaction: Transaction,
  organizationId: string,
  at: Date,
): Promise<DunningStanding> {
  const [row] = await transaction.query<DunningStanding>(
    `SELECT count(*) > 0 AS "isPastDue",
            (coalesce(bool_or(suspended_at IS NOT NULL), false)
             OR EXISTS (SELECT FROM dispute JOIN invoice ON invoice.id = invoice_id JOIN seller ON seller.slug = invoice.seller_slug
                        WHERE dispute.organization_id = $1 AND seller.suspend_on_dispute
                          AND (dispute.closed_at IS NULL OR (dispute.state = 'lost' AND dispute.decided_at IS NULL))))
              AND NOT EXISTS (SELECT FROM dunning_pause WHERE organization_id = $1 AND until > $2) AS "isSuspended"
     FROM dunning_case WHERE organization_id = $1 AND ended_at IS NULL`,
    [organizationId, at],
  );
  return row!;
}

/** The subscriptions of an organization that are not canceled, oldest first. */
export async function listUncanceledSubscriptionIds(
  transaction: Transaction,
  organizationId: string,
): Promise<string[]> {
  const rows = await transaction.query<{ id: string }>(
    `SELECT id FROM subscription WHERE organization_id = $1 AND state <> 'canceled' ORDER BY id`,
    [organizationId],
  );
  return rows.map(({ id }) => id);
}

/** Until when, and why, dunning of an organization rests. */
export interface DunningPause {
  readonly organizationId: string;
  readonly until: Date;
  readonly reason: string;
}

/** The pause of an organization that is in force at an instant; null when there is none. */
export async function findDunningPause(
  transaction: Transaction,
  organizationId: string,
  at: Date,
): Promise<DunningPause | null> {
  const [pause] = await transaction.query<DunningPause>(
    `SELECT organization_id AS "organizationId", until, reason FROM dunning_pause
     WHERE organization_id = $1 AND until > $2`,
    [organizationId, at],
  );
  return pause ?? null;
}

export async function saveDunningPause(
  transaction: Transaction,
  { organizationId, until, reason }: DunningPause,
): Promise<void> {
  await transaction.query(
    `INSERT INTO dunning_pause (organization_id, until, reason) VALUES ($1, $2, $3)
     ON CONFLICT (organization_id) DO UPDATE SET until = $2, reason = $3`,
    [organizationId, until, reason],
  );
}

/** Ends a pause; false when there was none. */
export async function removeDunningPause(transaction: Transaction, organizationId: string): Promise<boolean> {
  const rows = await transaction.query(
    `WITH removed AS (DELETE FROM dunning_pause WHERE organization_id = $1 RETURNING 1) SELECT 1 FROM removed`,
    [organizationId],
  );
  return rows.length > 0;
}

/** An organization whose pause has ended. */
export interface EndedPause {
  readonly organizationId: string;
  readonly hasFailed: boolean;
}

/** The organizations whose pause has ended by `at`, at most `limit`; those that could not be dealt with last. */
export function listEndedPauses(transaction: Transaction, at: Date, limit: number): Promise<EndedPause[]> {
  return transaction.query<EndedPause>(
    `SELECT dunning_pause.organization_id AS "organizationId", failed.kind IS NOT NULL AS "hasFailed"
     FROM dunning_pause ${joinFailures('pause', 'dunning_pause.organization_id')}
     WHERE until <= $1 AND ${isDueAgain('$1')} ORDER BY ${IN_FAIR_ORDER}, until, dunning_pause.organization_id LIMIT $2`,
    [at, limit],
  );
}
