import type { Transaction } from '../database/unit-of-work.js';
import { type PeriodKey, periodKeyParameters } from '../subscription/period-key.js';

/** Billable usage that a period settles, of which the events and the hours say something else; exact decimals. */
export interface SettledUsageDifference {
  readonly meter: string;
  readonly periodStart: Date;
  readonly eventUnits: string;
  readonly rollupUnits: string;
}

/** A value that a period settles, of which the events and the values that are counted once say something else. */
export interface SettledValueDifference {
  readonly meter: string;
  readonly periodStart: Date;
  /** In hex. */
  readonly valueHash: string;
  /** True when no event named it, false when it is not counted. */
  readonly isCounted: boolean;
}

const PERIODS = `
  period AS (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]) AS period (subscription_id, settles_in)),
  used AS (
    SELECT subscription_id, settles_in, settles_in AS period_start FROM period
    UNION SELECT subscription_id, settles_in, period_start FROM period JOIN usage_hour USING (subscription_id, settles_in)
  )`;

/**
 * Compares the values that the events of these periods, from `firstId` on (`findFirstSettledId`), name with those that they count; the first difference, or null. Of
 * late events as `findSettledUsageDifference`.
 */
export async function findSettledValueDifference(
  transaction: Transaction,
  periods: readonly PeriodKey[],
  firstId: string,
): Promise<SettledValueDifference | null> {
  const [row] = await transaction.query<SettledValueDifference>(
    `WITH ${PERIODS}, named AS (
       SELECT DISTINCT subscription_id, settles_in, phase_id, period_start, each.key AS meter,
         decode(each.value, 'hex') AS value_hash
       FROM used JOIN usage_event AS event USING (subscription_id, settles_in, period_start),
         jsonb_each_text(event.distinct_values) AS each
       WHERE billable AND distinct_values IS NOT NULL AND event.id >= $3
     ), counted AS (
       -- No value of another period is billed: what older ones have counted is not read again at each close.
       SELECT subscription_id, used.settles_in, phase_id, period_start, meter, value_hash,
         value.settles_in = used.settles_in AS is_own
       FROM used JOIN usage_distinct_value AS value USING (subscription_id, period_start)
       WHERE value.settles_in <= used.settles_in AND billable
     )
     SELECT meter, period_start AS "periodStart",
       encode(value_hash, 'hex') AS "valueHash", counted.is_own IS NOT NULL AS "isCounted"
     FROM (SELECT *, true AS is_named FROM named) AS named
       FULL JOIN counted USING (subscription_id, settles_in, phase_id, period_start, meter, value_hash)
     WHERE counted.is_own IS NULL OR (counted.is_own AND named.is_named IS NULL)
     LIMIT 1`,
    [...periodKeyParameters(periods), firstId],
  );
  return row ?? null;
}

/**
 * Adds the events that these periods settle up anew, from `firstId` on (`findFirstSettledId`), and compares with their hours; the first difference, or null. Of late
 * events those of the periods that the hours name: whole histories are for the nightly proof.
 */
export async function findSettledUsageDifference(
  transaction: Transaction,
  periods: readonly PeriodKey[],
  firstId: string,
): Promise<SettledUsageDifference | null> {
  const [row] = await transaction.query<SettledUsageDifference>(
    `WITH ${PERIODS}, counted AS (
       SELECT subscription_id, phase_id, period_start, each.key AS meter, sum(each.value::numeric) AS units,
         count(*) AS events, max(each.value::numeric) AS most,
         (array_agg(each.value::numeric ORDER BY id DESC, seq DESC))[1] AS last
       FROM used JOIN usage_event AS event USING (subscription_id, settles_in, period_start),
         jsonb_each_text(event.quantities) AS each
       WHERE billable AND event.id >= $3 GROUP BY 1, 2, 3, 4
     ), rolled_up AS (
       SELECT subscription_id, phase_id, period_start, meter, sum(quantity_sum) AS units, sum(event_count) AS events,
         max(quantity_max) AS most, (array_agg(quantity_last ORDER BY last_event_id DESC, last_event_seq DESC))[1] AS last
       FROM period JOIN usage_hour USING (subscription_id, settles_in) WHERE billable GROUP BY 1, 2, 3, 4
     )
     SELECT meter, period_start AS "periodStart",
       trim_scale(coalesce(counted.units, 0))::text AS "eventUnits",
       trim_scale(coalesce(rolled_up.units, 0))::text AS "rollupUnits"
     FROM counted FULL JOIN rolled_up USING (subscription_id, phase_id, period_start, meter)
     WHERE counted.units IS DISTINCT FROM rolled_up.units OR counted.events IS DISTINCT FROM rolled_up.events
       OR counted.most IS DISTINCT FROM rolled_up.most OR counted.last IS DISTINCT FROM rolled_up.last
     ORDER BY subscription_id, 2, 1 LIMIT 1`,
    [...periodKeyParameters(periods), firstId],
  );
  return row ?? null;
}
