import type { Transaction } from '../database/unit-of-work.js';
import { LEDGER_AND_ARCHIVE } from '../usage/archived-events.js';
import type { EventIdRange } from './event-proof-repository.js';

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
].join(', ');

const AGGREGATES = ['count', 'sum'] as const;
const EXTREMES = ['min', 'max', 'last'] as const;

const KEY_OF_ONE = DIMENSIONS.split(', ')
  .map((name) => `'${name}', one.${name}`)
  .join(', ');

/** Greatest for the event with the highest (id, seq), whatever it counts. */
function lastOf(id: string, seq: string, quantity: string): string {
  return `${id}::text || '/' || to_char(${seq}, 'FM00000') || ': ' || trim_scale(${quantity})::text`;
}

function sideOf(side: 'expected' | 'actual'): string {
  const number = (name: string) => `'${name}', trim_scale(${side}_${name})::text`;
  return `json_build_object('count', ${side}_count::text, ${['sum', 'min', 'max'].map(number).join(', ')}, 'last', ${side}_last)`;
}

/** What is said of one rollup key; exact decimals. */
export interface RollupSide {
  readonly count: string;
  readonly sum: string;
  readonly min: string | null;
  readonly max: string | null;
  /** Id and number of the last event, and its quantity. */
  readonly last: string | null;
}

/** A rollup key of which the events and the rollup say something else. */
export interface RollupDifference {
  readonly key: Readonly<Record<string, unknown>>;
  readonly expected: RollupSide;
  readonly actual: RollupSide;
}

/** The span of days that the ledger holds usage of, archived or not, as instants; null when it holds none. */
export async function readUsageSpan(transaction: Transaction): Promise<{ from: Date; to: Date } | null> {
  const [row] = await transaction.query<{ from: Date | null; to: Date | null }>(
    `SELECT least(rollup.from, event.from, archive.from) AS "from", greatest(rollup.to, event.to, archive.to) AS "to"
     FROM (SELECT min(day)::timestamp AT TIME ZONE 'UTC' AS "from", max(day + 1)::timestamp AT TIME ZONE 'UTC' - interval '1 ms' AS "to"
           FROM usage_archive WHERE dropped_at IS NOT NULL AND event_count > 0) AS archive,
       (SELECT min(bucket_at) AS "from", max(bucket_at) AS "to" FROM usage_rollup) AS rollup,
       (SELECT (SELECT uuid_extract_timestamp(id) FROM usage_event ORDER BY id LIMIT 1) AS "from",
          (SELECT uuid_extract_timestamp(id) FROM usage_event ORDER BY id DESC LIMIT 1) AS "to") AS event`,
  );
  return row?.from && row.to ? { from: row.from, to: row.to } : null;
}

/**
 * Adds the events of the range up anew and compares with the rollups of its buckets; the first keys that differ, at most
 * `limit`. The bounds of both must be quarters of an hour.
 */
export async function findRollupDifferences(
  transaction: Transaction,
  { fromId, toId }: EventIdRange,
  buckets: { readonly from: Date; readonly to: Date },
  limit: number,
): Promise<{ readonly compared: number; readonly differences: readonly RollupDifference[] }> {
  const [row] = await transaction.query<{ compared: string; differences: readonly RollupDifference[] | null }>(
    `WITH both_sides AS (
       SELECT ${DIMENSIONS}, ${AGGREGATES.map((name) => `sum(expected_${name}) AS expected_${name}, sum(actual_${name}) AS actual_${name}`).join(', ')},
         ${EXTREMES.map((name) => `max(expected_${name}) AS expected_${name}, max(actual_${name}) AS actual_${name}`).join(', ')}
       FROM (
         SELECT ${DIMENSIONS}, count(*) AS expected_count, sum(quantity) AS expected_sum, min(quantity) AS expected_min,
           max(quantity) AS expected_max, max(${lastOf('id', 'seq', 'quantity')} COLLATE "C") AS expected_last,
           0::bigint AS actual_count, 0::numeric AS actual_sum, NULL::numeric AS actual_min, NULL::numeric AS actual_max,
           NULL::text AS actual_last
         FROM (
           SELECT event.*, date_bin('15 minutes', uuid_extract_timestamp(event.id), 'epoch') AS bucket_at,
             (event.status / 100)::smallint AS status_class, used.key AS meter, used.value::numeric AS quantity
           FROM ${LEDGER_AND_ARCHIVE} AS event, jsonb_each_text(event.quantities) AS used
           WHERE event.id >= $1 AND event.id < $2
         ) AS used
         GROUP BY ${DIMENSIONS}
         UNION ALL
         SELECT ${DIMENSIONS}, 0, 0, NULL, NULL, NULL, event_count, quantity_sum, quantity_min, quantity_max,
           ${lastOf('last_event_id', 'last_event_seq', 'quantity_last')}
         FROM usage_rollup WHERE bucket_at >= $3 AND bucket_at < $4
       ) AS every_side
       GROUP BY ${DIMENSIONS}
     ), first_differences AS (
       SELECT * FROM both_sides
       WHERE ${[...AGGREGATES, ...EXTREMES].map((name) => `expected_${name} IS DISTINCT FROM actual_${name}`).join(' OR ')}
       ORDER BY ${DIMENSIONS} LIMIT $5
     )
     SELECT (SELECT count(*) FROM both_sides) AS compared,
       (SELECT json_agg(json_build_object('key', json_build_object(${KEY_OF_ONE}), 'expected', ${sideOf('expected')},
          'actual', ${sideOf('actual')}))
        FROM first_differences AS one) AS differences`,
    [fromId, toId, buckets.from, buckets.to, limit],
  );
  return { compared: Number(row!.compared), differences: row!.differences ?? [] };
}
