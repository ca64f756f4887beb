import type { Transaction } from '../database/unit-of-work.js';

/** Billable usage that a period settles, of which the events and the rollups say something else; exact decimals. */
export interface SettledUsageDifference {
  readonly meter: string;
  readonly periodStart: Date;
  readonly eventUnits: string;
  readonly rollupUnits: string;
}

/**
 * Adds the events that a period settles up anew and compares with its rollups; the first difference, or null. Of late
 * events those of the periods that the rollups name: whole histories are for the nightly proof.
 */
export async function findSettledUsageDifference(
  transaction: Transaction,
  subscriptionId: string,
  settlesIn: Date,
): Promise<SettledUsageDifference | null> {
  const [row] = await transaction.query<SettledUsageDifference>(
    `WITH counted AS (
       SELECT phase_id, period_start, used.key AS meter, sum(used.value::numeric) AS units, count(*) AS events
       FROM usage_event AS event, jsonb_each_text(event.quantities) AS used
       WHERE subscription_id = $1 AND settles_in = $2 AND billable AND period_start = ANY (
         SELECT $2::timestamptz UNION SELECT period_start FROM usage_rollup WHERE subscription_id = $1 AND settles_in = $2)
       GROUP BY 1, 2, 3
     ), rolled_up AS (
       SELECT phase_id, period_start, meter, sum(quantity_sum) AS units, sum(event_count) AS events
       FROM usage_rollup WHERE subscription_id = $1 AND settles_in = $2 AND billable GROUP BY 1, 2, 3
     )
     SELECT meter, period_start AS "periodStart", trim_scale(coalesce(counted.units, 0))::text AS "eventUnits",
       trim_scale(coalesce(rolled_up.units, 0))::text AS "rollupUnits"
     FROM counted FULL JOIN rolled_up USING (phase_id, period_start, meter)
     WHERE counted.units IS DISTINCT FROM rolled_up.units OR counted.events IS DISTINCT FROM rolled_up.events
     ORDER BY 2, 1 LIMIT 1`,
    [subscriptionId, settlesIn],
  );
  return row ?? null;
}
