import type { Transaction } from '../database/unit-of-work.js';

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

/**
 * Compares the values that the events of a period name with those that it counts; the first difference, or null. Of late
 * events as `findSettledUsageDifference`.
 */
export async function findSettledValueDifference(
  transaction: Transaction,
  subscriptionId: string,
  settlesIn: Date,
): Promise<SettledValueDifference | null> {
  const [row] = await transaction.query<SettledValueDifference>(
    `WITH period AS (
       SELECT $2::timestamptz AS period_start
       UNION SELECT period_start FROM usage_hour WHERE subscription_id = $1 AND settles_in = $2
     ), named AS (
       SELECT DISTINCT phase_id, period_start, each.key AS meter, decode(each.value, 'hex') AS value_hash,
         true AS is_named
       FROM period JOIN usage_event AS event USING (period_start), jsonb_each_text(event.distinct_values) AS each
       WHERE subscription_id = $1 AND settles_in = $2 AND billable AND distinct_values IS NOT NULL
     ), counted AS (
       -- No value of another period is billed: what older ones have counted is not read again at each close.
       SELECT phase_id, period_start, meter, value_hash, settles_in
       FROM period JOIN usage_distinct_value USING (period_start)
       WHERE subscription_id = $1 AND settles_in <= $2 AND billable
     )
     SELECT meter, period_start AS "periodStart", encode(value_hash, 'hex') AS "valueHash",
       counted.settles_in IS NOT NULL AS "isCounted"
     FROM named FULL JOIN counted USING (phase_id, period_start, meter, value_hash)
     WHERE counted.settles_in IS NULL OR (counted.settles_in = $2 AND named.is_named IS NULL)
     LIMIT 1`,
    [subscriptionId, settlesIn],
  );
  return row ?? null;
}

/**
 * Adds the events that a period settles up anew and compares with its hours; the first difference, or null. Of late
 * events those of the periods that the hours name: whole histories are for the nightly proof.
 */
export async function findSettledUsageDifference(
  transaction: Transaction,
  subscriptionId: string,
  settlesIn: Date,
): Promise<SettledUsageDifference | null> {
  const [row] = await transaction.query<SettledUsageDifference>(
    `WITH counted AS (
       SELECT phase_id, period_start, used.key AS meter, sum(used.value::numeric) AS units, count(*) AS events,
         max(used.value::numeric) AS most, (array_agg(used.value::numeric ORDER BY id DESC, seq DESC))[1] AS last
       FROM usage_event AS event, jsonb_each_text(event.quantities) AS used
       WHERE subscription_id = $1 AND settles_in = $2 AND billable AND period_start = ANY (
         SELECT $2::timestamptz UNION SELECT period_start FROM usage_hour WHERE subscription_id = $1 AND settles_in = $2)
       GROUP BY 1, 2, 3
     ), rolled_up AS (
       SELECT phase_id, period_start, meter, sum(quantity_sum) AS units, sum(event_count) AS events,
         max(quantity_max) AS most, (array_agg(quantity_last ORDER BY last_event_id DESC, last_event_seq DESC))[1] AS last
       FROM usage_hour WHERE subscription_id = $1 AND settles_in = $2 AND billable GROUP BY 1, 2, 3
     )
     SELECT meter, period_start AS "periodStart", trim_scale(coalesce(counted.units, 0))::text AS "eventUnits",
       trim_scale(coalesce(rolled_up.units, 0))::text AS "rollupUnits"
     FROM counted FULL JOIN rolled_up USING (phase_id, period_start, meter)
     WHERE counted.units IS DISTINCT FROM rolled_up.units OR counted.events IS DISTINCT FROM rolled_up.events
       OR counted.most IS DISTINCT FROM rolled_up.most OR counted.last IS DISTINCT FROM rolled_up.last
     ORDER BY 2, 1 LIMIT 1`,
    [subscriptionId, settlesIn],
  );
  return row ?? null;
}
