import { lowestUuidV7 } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { type PeriodKey, periodKeyParameters } from '../subscription/period-key.js';

/** A period of a subscription, as its usage names it. */
export interface UsedPeriod {
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
export async function findUsageSpan(transaction: Transaction, periods: readonly UsedPeriod[]): Promise<IdSpan | null> {
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
  readonly applicationId?: string | undefined;
  readonly credentialId?: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
}

const HOURS_AT_ONCE = 500;
const TIMES_AS_MANY = 4;

/**
 * The spans of time that the newest `wanted` requests of an organization are in, the newest first: whoever has enough stops, and has
 * touched no older day of the ledger. Mostly the first is enough; a call that uses several meters counts in hours as several, so
 * there may be less in it than it seems.
 */
export async function* newestUsageSpans(
  transaction: Transaction,
  usage: OrganizationUsage,
  wanted: number,
): AsyncGenerator<IdSpan> {
  let belowMs = usage.toMs + 1;
  for (let most = wanted; ; most *= TIMES_AS_MANY) {
    const hours = await listNewestHours(transaction, { ...usage, toMs: belowMs - 1 });
    let count = 0;
    const last = hours.find((hour) => (count += hour.count) >= most) ?? hours.at(-1);
    if (!last) return;
    const fromMs = last.hourAt.getTime();
    yield { from: lowestUuidV7(fromMs), below: lowestUuidV7(belowMs) };
    belowMs = fromMs;
  }
}

/** Hours with usage, of one meter, key, product and class of answer each, the newest first; some at a time. */
async function listNewestHours(
  transaction: Transaction,
  { organizationId, applicationId, credentialId, fromMs, toMs }: OrganizationUsage,
): Promise<{ hourAt: Date; count: number }[]> {
  return transaction.query(
    `SELECT hour_at AS "hourAt", event_count::float8 AS count FROM usage_hour
     WHERE organization_id = $1 AND hour_at > $2 AND hour_at <= $3
       AND ($4::uuid IS NULL OR application_id = $4) AND ($5::uuid IS NULL OR credential_id = $5)
     ORDER BY hour_at DESC LIMIT ${HOURS_AT_ONCE}`,
    [organizationId, new Date(fromMs - HOUR_MS), new Date(toMs), applicationId ?? null, credentialId ?? null],
  );
}
