import type { Transaction } from '../database/unit-of-work.js';
import { HOUR_KEY } from '../usage/usage-hour-writer.js';
import { type RollupDifference, compareSides, lastOf } from './rollup-comparison.js';

const DIMENSIONS = [...HOUR_KEY.split(', '), 'plan_version_id', 'organization_id', 'application_id'];

/**
 * Adds the rollups of the hours from `from` to before `to` up anew, both whole hours, and compares with what is written
 * of these hours; the first keys that differ, at most `limit`.
 */
export async function findHourDifferences(
  transaction: Transaction,
  { from, to }: { readonly from: Date; readonly to: Date },
  limit: number,
): Promise<{ readonly compared: number; readonly differences: readonly RollupDifference[] }> {
  const names = DIMENSIONS.join(', ');
  const last = lastOf('last_event_id', 'last_event_seq', 'quantity_last');
  return compareSides(transaction, {
    dimensions: DIMENSIONS,
    expected: `SELECT ${names}, sum(event_count), sum(quantity_sum), min(quantity_min), max(quantity_max), max(${last} COLLATE "C")
      FROM (SELECT *, date_bin('1 hour', bucket_at, 'epoch') AS hour_at FROM usage_rollup
            WHERE bucket_at >= $1 AND bucket_at < $2) AS used
      GROUP BY ${names}`,
    actual: `SELECT ${names}, event_count, quantity_sum, quantity_min, quantity_max, ${last}
      FROM usage_hour WHERE hour_at >= $1 AND hour_at < $2`,
    parameters: [from, to],
    limit,
  });
}
