import type { Transaction } from '../database/unit-of-work.js';
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

/** Counts and sums of one rollup key, as the events say and as the rollup says; exact decimals. */
export interface RollupDifference {
  readonly key: Readonly<Record<string, unknown>>;
  readonly expectedCount: string;
  readonly expectedSum: string;
  readonly actualCount: string;
  readonly actualSum: string;
}

/** The span of days that the ledger holds usage of, as instants; null when it holds none. */
export async function readUsageSpan(transaction: Transaction): Promise<{ from: Date; to: Date } | null> {
  const [row] = await transaction.query<{ from: Date | null; to: Date | null }>(
    `SELECT least(rollup.from, event.from) AS "from", greatest(rollup.to, event.to) AS "to"
     FROM (SELECT min(bucket_at) AS "from", max(bucket_at) AS "to" FROM usage_rollup) AS rollup,
       (SELECT (SELECT uuid_extract_timestamp(id) FROM usage_event ORDER BY id LIMIT 1) AS "from",
          (SELECT uuid_extract_timestamp(id) FROM usage_event ORDER BY id DESC LIMIT 1) AS "to") AS event`,
  );
  return row?.from && row.to ? { from: row.from, to: row.to } : null;
}

/**
 * Adds the events of the range up anew and compares with the rollups of its buckets; the first key that differs. The
 * bounds of both must be quarters of an hour.
 */
export async function findRollupDifference(
  transaction: Transaction,
  { fromId, toId }: EventIdRange,
  buckets: { readonly from: Date; readonly to: Date },
): Promise<{ readonly compared: number; readonly difference: RollupDifference | null }> {
  const [row] = await transaction.query<{ compared: string; difference: RollupDifference | null }>(
    `WITH both_sides AS (
       SELECT ${DIMENSIONS}, sum(expected_count) AS expected_count, sum(expected_sum) AS expected_sum,
         sum(actual_count) AS actual_count, sum(actual_sum) AS actual_sum
       FROM (
         SELECT date_bin('15 minutes', uuid_extract_timestamp(event.id), 'epoch') AS bucket_at, event.subscription_id,
           event.settles_in, event.period_start, used.key AS meter, event.credential_id, event.api_product_id,
           event.api_version_id, event.operation, (event.status / 100)::smallint AS status_class, event.billable,
           event.counts_to_quota, event.mode, event.phase_id, event.plan_version_id, event.organization_id,
           event.application_id, 1::bigint AS expected_count, used.value::numeric AS expected_sum, 0::bigint AS actual_count,
           0::numeric AS actual_sum
         FROM usage_event AS event, jsonb_each_text(event.quantities) AS used
         WHERE event.id >= $1 AND event.id < $2
         UNION ALL
         SELECT ${DIMENSIONS}, 0, 0, event_count, quantity_sum FROM usage_rollup WHERE bucket_at >= $3 AND bucket_at < $4
       ) AS every_side
       GROUP BY ${DIMENSIONS}
     ), first_difference AS (
       SELECT * FROM both_sides WHERE expected_count <> actual_count OR expected_sum <> actual_sum
       ORDER BY ${DIMENSIONS} LIMIT 1
     )
     SELECT (SELECT count(*) FROM both_sides) AS compared,
       (SELECT json_build_object(
          'key', to_jsonb(one) - '{expected_count,expected_sum,actual_count,actual_sum}'::text[],
          'expectedCount', expected_count::text, 'expectedSum', trim_scale(expected_sum)::text,
          'actualCount', actual_count::text, 'actualSum', trim_scale(actual_sum)::text)
        FROM first_difference AS one) AS difference`,
    [fromId, toId, buckets.from, buckets.to],
  );
  return { compared: Number(row!.compared), difference: row!.difference };
}
