import { lowestUuidV7 } from '#domain';
import {
  type DistinctCountDifference,
  type DistinctValueDifference,
  type RollupDifference,
  type RollupSide,
  type Transaction,
  findDaysWithUsage,
  findDistinctCountDifferences,
  findDistinctValueDifferences,
  findHourDifferences,
  findOperationDayDifferences,
  findRollupDifferences,
  readUsageSpan,
} from '#persistence';
import { inLanes } from './in-lanes.js';
import { type CheckResult, type Finding, checkResult } from './verify-report.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const BUCKET_MS = 900_000;

/** Usage admitted from `fromMs` to before `toMs`; null for all that there is. */
export type RollupScope = { readonly fromMs: number; readonly toMs: number } | null;

/**
 * Every rollup is the sum of its events, every hour and day that of its rollups, and every value that is counted once is named by
 * an event: added up anew, a day at a time, nothing differs and nothing is left over. The numbers of values are right as well.
 */
export async function checkRollups(
  transaction: Transaction,
  lanes: readonly Transaction[],
  scope: RollupScope,
): Promise<CheckResult> {
  let checked = 0;
  for await (const { compared, differences } of readdRollups(transaction, lanes, scope, 1)) {
    checked += compared;
    const [first] = differences;
    if (first) return checkResult('rollups', checked, first);
  }
  return checkResult('rollups', checked, null);
}

/** What came of adding up a day anew. */
interface ReaddedDay {
  readonly compared: number;
  readonly differences: readonly Finding[];
}

/**
 * Adds the events up anew to rollups and values, and the rollups to hours and days, a day at a time in each of the lanes; yields how
 * many rows of the day were compared, and the first that differ, of each kind at most `limitPerDay`.
 */
export async function* readdRollups(
  transaction: Transaction,
  lanes: readonly Transaction[],
  scope: RollupScope,
  limitPerDay: number,
): AsyncGenerator<ReaddedDay> {
  const span = await readUsageSpan(transaction);
  if (!span) return;
  const firstMs = Math.max(floorTo(span.from.getTime(), BUCKET_MS), floorTo(scope?.fromMs ?? 0, BUCKET_MS));
  const lastMs = Math.min(span.to.getTime() + 1, scope?.toMs ?? Infinity);
  const days: Date[] = [];
  for (let dayMs = floorTo(firstMs, DAY_MS); dayMs < lastMs; dayMs += DAY_MS) days.push(new Date(dayMs));
  // Days by UTC, so that each reads one partition; a day of which nothing is written has nothing to differ.
  const used = await findDaysWithUsage(transaction, days);
  yield* inLanes(lanes, used, (lane, day) => readdDay(lane, day, { firstMs, lastMs }, limitPerDay));
  if (firstMs >= lastMs) return;
  // Not for each day: all values of a period are counted for it.
  const counts = await findDistinctCountDifferences(
    transaction,
    { fromId: lowestUuidV7(firstMs), toId: lowestUuidV7(ceilTo(lastMs, BUCKET_MS)) },
    { from: new Date(firstMs), to: new Date(lastMs) },
    limitPerDay,
  );
  yield { compared: counts.compared, differences: counts.differences.map(describeCountDifference) };
}

/** What of the day is in the span. */
async function readdDay(
  transaction: Transaction,
  day: Date,
  { firstMs, lastMs }: { readonly firstMs: number; readonly lastMs: number },
  limit: number,
): Promise<ReaddedDay> {
  const fromMs = Math.max(day.getTime(), firstMs);
  const toMs = Math.min(day.getTime() + DAY_MS, ceilTo(lastMs, BUCKET_MS));
  const ids = { fromId: lowestUuidV7(fromMs), toId: lowestUuidV7(toMs) };
  const wholeDay = { from: day, to: new Date(day.getTime() + DAY_MS) };
  const hours = { from: new Date(floorTo(fromMs, HOUR_MS)), to: new Date(ceilTo(toMs, HOUR_MS)) };
  const rollups = await findRollupDifferences(transaction, { fromMs, toMs }, limit);
  const inHours = await findHourDifferences(transaction, hours, limit);
  const inDays = await findOperationDayDifferences(transaction, wholeDay, limit);
  const values = await findDistinctValueDifferences(transaction, ids, limit);
  return {
    compared: rollups.compared + inHours.compared + inDays.compared + values.compared,
    differences: [
      ...rollups.differences.map((one) => describe(one, 'usage_rollup', 'A rollup is not the sum of its events.')),
      ...inHours.differences.map((one) => describe(one, 'usage_hour', 'An hour is not the sum of its rollups.')),
      ...inDays.differences.map((one) =>
        describe(one, 'usage_operation_day', 'A day of an operation is not the sum of its rollups.'),
      ),
      ...values.differences.map(describeValueDifference),
    ],
  };
}

/** A difference in words. */
function describe({ key, expected, actual }: RollupDifference, table: string, message: string): Finding {
  const parts = Object.entries(key).filter(([, value]) => value !== null);
  const isSumRight = expected.count === actual.count && expected.sum === actual.sum;
  const describeSide = isSumRight ? describeExtremes : describeSum;
  return {
    row: `${table} ${parts.map(([name, value]) => `${name}=${String(value)}`).join(' ')}`,
    expected: describeSide(expected),
    actual: describeSide(actual),
    message,
  };
}

function describeValueDifference({
  subscriptionId,
  periodStart,
  meter,
  phaseId,
  billable,
  valueHash,
  event,
  namedIn,
  countedIn,
}: DistinctValueDifference): Finding {
  const key = `subscription_id=${subscriptionId} period_start=${periodStart.toISOString()} meter=${meter} phase_id=${phaseId}`;
  return {
    row: `usage_distinct_value ${key} billable=${billable} value_hash=${valueHash}`,
    expected: namedIn
      ? `counted in the period from ${namedIn.toISOString()}, or earlier, as event ${event} names it`
      : `named by event ${event}, in the period in which it is counted`,
    actual: countedIn ? `counted in the period from ${countedIn.toISOString()}` : 'not counted',
    message: 'The values that a meter counts once are not those of its events.',
  };
}

function describeCountDifference({
  subscriptionId,
  periodStart,
  meter,
  kind,
  phaseId,
  settlesIn,
  present,
  kept,
}: DistinctCountDifference): Finding {
  const key = `subscription_id=${subscriptionId} period_start=${periodStart.toISOString()} meter=${meter}`;
  const row = settlesIn
    ? `usage_settled_value_count ${key} phase_id=${phaseId} settles_in=${settlesIn.toISOString()}`
    : `usage_distinct_count ${key}`;
  const values = kind === 'all' ? 'different values' : 'different billable values';
  return {
    row,
    expected: `${present} ${values}`,
    actual: `${kept} ${values}`,
    message: 'The number of different values is not how many there are.',
  };
}

function describeSum({ count, sum }: RollupSide): string {
  return count === '0' ? 'none' : `${count} events, ${sum} units`;
}

function describeExtremes({ min, max, last }: RollupSide): string {
  return `from ${min} to ${max} units an event, the last ${last}`;
}

function floorTo(ms: number, step: number): number {
  return Math.floor(ms / step) * step;
}

function ceilTo(ms: number, step: number): number {
  return Math.ceil(ms / step) * step;
}
