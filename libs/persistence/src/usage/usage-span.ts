import { lowestUuidV7 } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { type PeriodKey, periodKeyParameters } from '../subscription/period-key.js';

/** A period of a subscription, as its usage names it. */
export interface UsedPeriodKey {
  readonly subscriptionId: string;
  readonly periodStart: Date;
}

/** Ids of events, from the lowest on and below the other. */
export interface IdSpan {
  readonly from: string;
  readonly below: string;
}

const HOUR_MS = 3_600_000;

/**
 * Between which ids the events of these periods are that have used something: from the start of the first period on, or from the
 * first hour that has usage of one, as a stream may be older than the period that it goes on in; up to the last such hour. Null
 * when none has usage.
 *
 * Every day of the ledger is a table of its own, and there may be hundreds of them. A statement that does not say which of
 * them it needs opens and locks each, with its indexes: tens of milliseconds, and thousands of places in the table of locks.
 */
export async function findUsageSpan(
  transaction: Transaction,
  periods: readonly UsedPeriodKey[],
): Promise<IdSpan | null> {
  const [row] = await transaction.query<{ first: Date | null; last: Date | null }>(
    `SELECT min(hour_at) AS first, max(hour_at) AS last
     FROM (SELECT DISTINCT * FROM unnest($1::uuid[], $2::timestamptz[]) AS period (subscription_id, period_start)) AS period
     JOIN usage_hour USING (subscription_id, period_start)`,
    [periods.map(({ subscriptionId }) => subscriptionId), periods.map(({ periodStart }) => periodStart)],
  );
  if (!row?.first || !row.last) return null;
  const firstMs = Math.min(row.first.getTime(), ...periods.map(({ periodStart }) => periodStart.getTime()));
  return { from: lowestUuidV7(firstMs), below: lowestUuidV7(row.last.getTime() + HOUR_MS) };
}

/**
 * The lowest id that an event can have which these periods settle, `startsAt` being the period whose bill has it: from the start of
 * the first of all periods that they settle on, or from the first hour that has usage of one. Later events without any hour are
 * not excluded.
 */
export async function findFirstSettledId(transaction: Transaction, periods: readonly PeriodKey[]): Promise<string> {
  const [row] = await transaction.query<{ first: Date }>(
    `SELECT least(min(settles_in), min(period_start), min(hour_at)) AS first
     FROM unnest($1::uuid[], $2::timestamptz[]) AS period (subscription_id, settles_in)
     LEFT JOIN usage_hour USING (subscription_id, settles_in)`,
    periodKeyParameters(periods),
  );
  return lowestUuidV7(row!.first.getTime());
}

/** Whose usage, and between which times it may be. */
export interface OrganizationUsage {
  readonly organizationId: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const DAY_MS = 24 * HOUR_MS;
/** Most who look for the newest want those of today. */
const FIRST_DAYS = 2;
const TIMES_AS_MANY = 4;

/**
 * The spans of days in which an organization has usage, the newest first and each longer than the one before: whoever has enough
 * stops, and has touched no older day of the ledger.
 */
export async function* newestUsageSpans(
  transaction: Transaction,
  { organizationId, fromMs, toMs }: OrganizationUsage,
): AsyncGenerator<IdSpan> {
  const [row] = await transaction.query<{ first: Date | null; last: Date | null }>(
    `SELECT min(hour_at) AS first, max(hour_at) AS last FROM usage_hour
     WHERE organization_id = $1 AND hour_at > $2 AND hour_at <= $3`,
    [organizationId, new Date(fromMs - HOUR_MS), new Date(toMs)],
  );
  if (!row?.first || !row.last) return;
  let belowMs = row.last.getTime() + HOUR_MS;
  for (let days = FIRST_DAYS; belowMs > row.first.getTime(); days *= TIMES_AS_MANY) {
    const spanFromMs = Math.max(row.first.getTime(), belowMs - days * DAY_MS);
    yield { from: lowestUuidV7(spanFromMs), below: lowestUuidV7(belowMs) };
    belowMs = spanFromMs;
  }
}
