import type { LatencyHistogram, Mode } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** A minute, a quarter of an hour, an hour, a day (UTC). */
export type TrafficBucketSize = 'minute' | 'quarter' | 'hour' | 'day';
export type TrafficDimension = 'operation' | 'subset';

export interface TrafficFilter {
  readonly apiVersionIds: readonly string[];
  /** From the bucket that holds this instant … */
  readonly from: Date;
  /** … to before this one. */
  readonly to: Date;
  readonly bucket: TrafficBucketSize;
  /** Null to have all calls in one group. */
  readonly groupBy: TrafficDimension | null;
  /** How many groups have rows of their own, those with the most calls; all others are one. */
  readonly limit: number;
  readonly mode: Mode;
  readonly operation?: string | undefined;
  readonly subset?: string | undefined;
}

/** Calls of a group in a span of time. */
export interface TrafficRow {
  readonly at: Date;
  /** What tells the group apart: "version id/operation", the name of the subset or nothing; null for all without a row of their own. */
  readonly group: string | null;
  readonly calls: number;
  /** Answers of 4xx, and of 5xx. */
  readonly clientErrors: number;
  readonly serverErrors: number;
  readonly total: LatencyHistogram;
  readonly upstream: LatencyHistogram;
}

const GROUPS: Readonly<Record<TrafficDimension | 'none', string>> = {
  // An id of an operation is one of its version only.
  operation: `api_version_id::text || '/' || operation`,
  subset: 'subset',
  none: `''`,
};
const INTERVALS: Readonly<Record<TrafficBucketSize, string>> = {
  minute: '1 minute',
  quarter: '15 minutes',
  hour: '1 hour',
  day: '1 day',
};

/**
 * Traffic over time by groups, oldest first; spans without calls are left out. What is older than three hours is known by the quarter of an hour, than a day by the
 * hour. */
export async function readTraffic(transaction: Transaction, filter: TrafficFilter): Promise<TrafficRow[]> {
  const { apiVersionIds, from, to, bucket, groupBy, limit, mode, operation = null, subset = null } = filter;
  type Row = Omit<TrafficRow, 'total' | 'upstream'> &
    Record<'totalBuckets' | 'totalCounts' | 'upstreamBuckets' | 'upstreamCounts', number[] | null>;
  const rows = await transaction.query<Row>(
    `WITH span AS (
       SELECT date_bin($4::interval, starts_at, 'epoch') AS at, ${GROUPS[groupBy ?? 'none']} AS name, status_class, calls,
         total_buckets, total_counts, upstream_buckets, upstream_counts
       FROM traffic_span
       WHERE api_version_id = ANY($1::uuid[]) AND starts_at >= date_bin($4::interval, $2::timestamptz, 'epoch') AND starts_at < $3
         AND mode = $5 AND ($7::text IS NULL OR operation = $7) AND ($8::text IS NULL OR subset = $8)
     ), ranked AS (
       SELECT name, least($6::bigint + 1, row_number() OVER (ORDER BY sum(calls) DESC, name)) AS place FROM span GROUP BY name
     ), shown AS MATERIALIZED (
       SELECT * FROM span JOIN ranked USING (name)
     ), counted AS (
       SELECT at, place, min(name) AS name, sum(calls)::float8 AS calls,
         coalesce(sum(calls) FILTER (WHERE status_class = 4), 0)::float8 AS client_errors,
         coalesce(sum(calls) FILTER (WHERE status_class = 5), 0)::float8 AS server_errors
       FROM shown GROUP BY 1, 2
     ), ${['total', 'upstream'].map(timed).join(', ')}
     SELECT at, CASE WHEN place <= $6 THEN name END AS "group", calls, client_errors AS "clientErrors", server_errors AS "serverErrors",
       total.buckets AS "totalBuckets", total.counts AS "totalCounts",
       upstream.buckets AS "upstreamBuckets", upstream.counts AS "upstreamCounts"
     FROM counted LEFT JOIN total USING (at, place) LEFT JOIN upstream USING (at, place)
     ORDER BY at, place`,
    [apiVersionIds, from, to, INTERVALS[bucket], mode, limit, operation, subset],
  );
  return rows.map(({ totalBuckets, totalCounts, upstreamBuckets, upstreamCounts, ...row }) => ({
    ...row,
    total: { buckets: totalBuckets ?? [], counts: totalCounts ?? [] },
    upstream: { buckets: upstreamBuckets ?? [], counts: upstreamCounts ?? [] },
  }));
}

/** The merged histograms of a kind. */
function timed(kind: string): string {
  return `${kind} AS (
    SELECT at, place, array_agg(bucket ORDER BY bucket) AS buckets, array_agg(count ORDER BY bucket) AS counts
    FROM (SELECT at, place, bucket::int, sum(count)::float8 AS count
          FROM shown, unnest(${kind}_buckets, ${kind}_counts) AS one (bucket, count) GROUP BY 1, 2, 3) AS summed
    GROUP BY 1, 2)`;
}

/** The ids of the versions of the APIs that a product contains. */
export async function listVersionIdsOfProduct(transaction: Transaction, apiProductId: string): Promise<string[]> {
  const rows = await transaction.query<{ readonly id: string }>(
    `SELECT id FROM api_version WHERE api_id IN (SELECT api_id FROM api_product_api WHERE api_product_id = $1)`,
    [apiProductId],
  );
  return rows.map(({ id }) => id);
}
