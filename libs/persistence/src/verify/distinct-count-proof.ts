import type { Transaction } from '../database/unit-of-work.js';
import { type PeriodKey, periodKeyParameters } from '../subscription/period-key.js';
import type { EventIdRange } from './event-proof-repository.js';

/** A number of different values that is not how many there are. */
export interface DistinctCountDifference {
  readonly subscriptionId: string;
  readonly periodStart: Date;
  readonly meter: string;
  /** Of which number: all, the billable ones, or those that a phase and the period from `settlesIn` bill. */
  readonly kind: 'all' | 'billable' | 'settled';
  readonly phaseId: string | null;
  readonly settlesIn: Date | null;
  /** How many there are, and the number that is kept of them. */
  readonly present: string;
  readonly kept: string;
}

const SELECT_DIFFERENCE = `subscription_id AS "subscriptionId", period_start AS "periodStart", meter, kind,
  phase_id AS "phaseId", settles_in AS "settlesIn", coalesce(present, 0)::text AS present, coalesce(kept, 0)::text AS kept`;

/** How many different values there are and how many are said to be, of the meters in `touched` (subscription_id, period_start, meter). */
const SIDES = `
  all_present AS (
    SELECT subscription_id, period_start, meter, count(DISTINCT value_hash) AS value_count,
      count(DISTINCT value_hash) FILTER (WHERE billable) AS billable_count
    FROM touched JOIN usage_distinct_value USING (subscription_id, period_start, meter) GROUP BY 1, 2, 3
  ), settled_present AS (
    SELECT subscription_id, period_start, meter, phase_id, settles_in, count(*) AS value_count
    FROM touched JOIN usage_distinct_value USING (subscription_id, period_start, meter) WHERE billable GROUP BY 1, 2, 3, 4, 5
  ), all_kept AS (SELECT * FROM touched JOIN usage_distinct_count USING (subscription_id, period_start, meter)
  ), settled_kept AS (SELECT * FROM touched JOIN usage_settled_value_count USING (subscription_id, period_start, meter)
  ), side AS (
    SELECT subscription_id, period_start, meter, 'all' AS kind, NULL::uuid AS phase_id, NULL::timestamptz AS settles_in,
      present.value_count AS present, kept.value_count AS kept
    FROM all_present AS present FULL JOIN all_kept AS kept USING (subscription_id, period_start, meter)
    UNION ALL
    SELECT subscription_id, period_start, meter, 'billable', NULL, NULL, present.billable_count, kept.billable_count
    FROM all_present AS present FULL JOIN all_kept AS kept USING (subscription_id, period_start, meter)
    UNION ALL
    SELECT subscription_id, period_start, meter, 'settled', phase_id, settles_in, present.value_count, kept.value_count
    FROM settled_present AS present
      FULL JOIN settled_kept AS kept USING (subscription_id, period_start, meter, phase_id, settles_in)
  )`;

/**
 * Counts the different values anew of every meter and period of which an event of the range has brought one, or that
 * begins in it, and compares with the numbers that are kept; the first that differ, at most `limit`, and how many were compared.
 */
export async function findDistinctCountDifferences(
  transaction: Transaction,
  { fromId, toId }: EventIdRange,
  { from, to }: { readonly from: Date; readonly to: Date },
  limit: number,
): Promise<{ readonly compared: number; readonly differences: readonly DistinctCountDifference[] }> {
  const rows = await transaction.query<DistinctCountDifference & { readonly compared: string }>(
    `WITH touched AS (
       SELECT subscription_id, period_start, meter FROM usage_distinct_value WHERE event_id >= $1 AND event_id < $2
       UNION SELECT subscription_id, period_start, meter FROM usage_distinct_count WHERE period_start >= $3 AND period_start < $4
       UNION SELECT subscription_id, period_start, meter FROM usage_settled_value_count WHERE period_start >= $3 AND period_start < $4
     ), ${SIDES}
     SELECT (SELECT count(*) FROM side) AS compared, ${SELECT_DIFFERENCE}
     FROM (SELECT) AS one LEFT JOIN (SELECT * FROM side WHERE coalesce(present, 0) <> coalesce(kept, 0)
       ORDER BY subscription_id, period_start, meter, kind LIMIT $5) AS differing ON true`,
    [fromId, toId, from, to, limit],
  );
  const differences = rows.filter(({ subscriptionId }) => subscriptionId !== null);
  return { compared: Number(rows[0]!.compared), differences };
}

/** The first number of values that these periods settle which is not how many there are; null when all are right. */
export async function findSettledCountDifference(
  transaction: Transaction,
  periods: readonly PeriodKey[],
): Promise<DistinctCountDifference | null> {
  const [row] = await transaction.query<DistinctCountDifference>(
    `WITH touched AS (
       SELECT DISTINCT subscription_id, period_start, meter
       FROM unnest($1::uuid[], $2::timestamptz[]) AS period (subscription_id, settles_in)
         JOIN usage_hour USING (subscription_id, settles_in)
     ), ${SIDES}
     SELECT ${SELECT_DIFFERENCE} FROM side
     WHERE kind = 'settled' AND coalesce(present, 0) <> coalesce(kept, 0) LIMIT 1`,
    periodKeyParameters(periods),
  );
  return row ?? null;
}
