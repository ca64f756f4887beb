import { lowestUuidV7 } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { LEDGER_AND_ARCHIVE } from '../usage/archived-events.js';
import { countedUnitsSql } from '../usage/usage-rollup-writer.js';
import { type RollupDifference, compareSides, lastOf } from './rollup-comparison.js';

const DAY_MS = 86_400_000;
const BUCKET_MS = 900_000;

/** What tells one rollup row from another, and what follows from that. */
const DIMENSIONS = [
  'bucket_at',
  'subscription_id',
  'settles_in',
  'period_start',
  'meter',
  'credential_id',
  'api_product_id',
  'api_version_id',
  'operation',
  'status_class',
  'billable',
  'counts_to_quota',
  'mode',
  'phase_id',
  'plan_version_id',
  'organization_id',
  'application_id',
];

/** The span of days that the ledger holds usage of, archived or not, as instants; null when it holds none. */
export async function readUsageSpan(transaction: Transaction): Promise<{ from: Date; to: Date } | null> {
  const [row] = await transaction.query<{ from: Date | null; to: Date | null }>(
    `SELECT least(rollup.from, hour.from, day.from, event.from, archive.from) AS "from",
       greatest(rollup.to, hour.to, day.to, event.to, archive.to) AS "to"
     FROM (SELECT min(day)::timestamp AT TIME ZONE 'UTC' AS "from", max(day + 1)::timestamp AT TIME ZONE 'UTC' - interval '1 ms' AS "to"
           FROM usage_archive WHERE dropped_at IS NOT NULL AND event_count > 0) AS archive,
       (SELECT min(bucket_at) AS "from", max(bucket_at) AS "to" FROM usage_rollup) AS rollup,
       (SELECT min(hour_at) AS "from", max(hour_at) AS "to" FROM usage_hour) AS hour,
       (SELECT min(day_at) AS "from", max(day_at) AS "to" FROM usage_operation_day) AS day,
       (SELECT (SELECT uuid_extract_timestamp(id) FROM usage_event ORDER BY id LIMIT 1) AS "from",
          (SELECT uuid_extract_timestamp(id) FROM usage_event ORDER BY id DESC LIMIT 1) AS "to") AS event`,
  );
  return row?.from && row.to ? { from: row.from, to: row.to } : null;
}

/**
 * Which of these days, each by its first instant by UTC, anything is written of: an event, in the ledger or brought in from the archive, a rollup, an
 * hour, a day of an operation, or a value that an event is said to have brought; the earliest first.
 */
export async function findDaysWithUsage(transaction: Transaction, days: readonly Date[]): Promise<Date[]> {
  if (days.length === 0) return [];
  const [first, end] = [days[0]!, new Date(days.at(-1)!.getTime() + DAY_MS)];
  // The rollups are read once for all days; of the events, of which there are many more, one a day is looked for.
  const rows = await transaction.query<{ day: Date }>(
    `SELECT day FROM unnest($1::timestamptz[], $2::uuid[], $3::uuid[]) AS asked (day, from_id, to_id)
     WHERE day IN (
         SELECT date_bin('1 day', bucket_at, 'epoch') FROM usage_rollup WHERE bucket_at >= $4 AND bucket_at < $5
         UNION SELECT date_bin('1 day', hour_at, 'epoch') FROM usage_hour WHERE hour_at >= $4 AND hour_at < $5
         UNION SELECT day_at FROM usage_operation_day WHERE day_at >= $4 AND day_at < $5)
       OR EXISTS (SELECT FROM ${LEDGER_AND_ARCHIVE} AS event WHERE event.id >= from_id AND event.id < to_id)
       OR EXISTS (SELECT FROM usage_distinct_value WHERE event_id >= from_id AND event_id < to_id)
     ORDER BY day`,
    [
      days,
      days.map((day) => lowestUuidV7(day.getTime())),
      days.map((day) => lowestUuidV7(day.getTime() + DAY_MS)),
      first,
      end,
    ],
  );
  return rows.map(({ day }) => day);
}

/** What is the same of every event of a rollup, as its row has it. */
const EVENT_DIMENSIONS = DIMENSIONS.filter(
  (name) => !['bucket_at', 'meter', 'status_class', 'billable', 'counts_to_quota'].includes(name),
).join(', ');

/**
 * Adds the events from `fromMs` to before `toMs` up anew and compares with the rollups of these buckets; the first keys that
 * differ, at most `limit`. Both must be quarters of an hour.
 */
export async function findRollupDifferences(
  transaction: Transaction,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  limit: number,
): Promise<{ readonly compared: number; readonly differences: readonly RollupDifference[] }> {
  const names = DIMENSIONS.join(', ');
  const starts = Array.from({ length: (toMs - fromMs) / BUCKET_MS }, (_, index) => fromMs + index * BUCKET_MS);
  // One bucket after the other, so that what is added up fits into memory; and first what is the same but for its id, most
  // often a call that counts one, so that the quantities of each event need not be taken apart.
  return compareSides(transaction, {
    dimensions: DIMENSIONS,
    expected: `SELECT used.* FROM unnest($3::timestamptz[], $4::uuid[], $5::uuid[]) AS bucket (bucket_at, from_id, to_id),
      LATERAL (
        SELECT ${names}, sum(calls), sum(quantity * calls), min(quantity), max(quantity),
          max(${lastOf(`encode(last_id, 'hex')::uuid`, 'seq', 'quantity')} COLLATE "C")
        FROM (
          SELECT bucket_at, ${EVENT_DIMENSIONS}, meter, seq, quantity, calls, last_id, (status / 100)::smallint AS status_class,
            billable AND meter <> '' AS billable, counts_to_quota AND meter <> '' AS counts_to_quota
          FROM (
            SELECT ${EVENT_DIMENSIONS}, status, billable, counts_to_quota, quantities, seq, count(*) AS calls,
              max(uuid_send(id)) AS last_id
            FROM ${LEDGER_AND_ARCHIVE} AS event
            WHERE id >= $1 AND id < $2 AND id >= from_id AND id < to_id
            GROUP BY ${EVENT_DIMENSIONS}, status, billable, counts_to_quota, quantities, seq
          ) AS event, LATERAL ${countedUnitsSql('event')} AS used
        ) AS used
        -- Days that were archived before such calls were counted have none of them.
        WHERE meter <> '' OR (bucket_at AT TIME ZONE 'UTC')::date NOT IN (
          SELECT day FROM usage_archive WHERE NOT counts_calls_without_units)
        GROUP BY ${names}
      ) AS used`,
    actual: `SELECT ${names}, event_count, quantity_sum, quantity_min, quantity_max,
        ${lastOf('last_event_id', 'last_event_seq', 'quantity_last')}
      FROM usage_rollup WHERE bucket_at >= $6 AND bucket_at < $7`,
    parameters: [
      lowestUuidV7(fromMs),
      lowestUuidV7(toMs),
      starts.map((start) => new Date(start)),
      starts.map((start) => lowestUuidV7(start)),
      starts.map((start) => lowestUuidV7(start + BUCKET_MS)),
      new Date(fromMs),
      new Date(toMs),
    ],
    limit,
  });
}
