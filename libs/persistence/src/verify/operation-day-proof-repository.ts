import type { Transaction } from '../database/unit-of-work.js';
import { OPERATION_DAY_KEY } from '../usage/usage-day-writer.js';
import { type RollupDifference, compareSides } from './rollup-comparison.js';

const DIMENSIONS = [...OPERATION_DAY_KEY.split(', '), 'application_id'];
/** Days keep no lowest, highest or last quantity. */
const NO_EXTREMES = 'NULL::numeric, NULL::numeric, NULL::text';

/**
 * Adds the rollups of the days from `from` to before `to` up anew by operation, both whole days by UTC, and compares with
 * what is written of these days; the first keys that differ, at most `limit`.
 */
export async function findOperationDayDifferences(
  transaction: Transaction,
  { from, to }: { readonly from: Date; readonly to: Date },
  limit: number,
): Promise<{ readonly compared: number; readonly differences: readonly RollupDifference[] }> {
  const names = DIMENSIONS.join(', ');
  return compareSides(transaction, {
    dimensions: DIMENSIONS,
    expected: `SELECT ${names}, sum(event_count), sum(quantity_sum), ${NO_EXTREMES}
      FROM (SELECT *, date_bin('1 day', bucket_at, 'epoch') AS day_at FROM usage_rollup
            WHERE bucket_at >= $1 AND bucket_at < $2) AS used
      GROUP BY ${names}`,
    actual: `SELECT ${names}, event_count, quantity_sum, ${NO_EXTREMES}
      FROM usage_operation_day WHERE day_at >= $1 AND day_at < $2`,
    parameters: [from, to],
    limit,
  });
}
