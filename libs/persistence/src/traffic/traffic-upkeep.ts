import type { Transaction } from '../database/unit-of-work.js';

/** Deletes traffic that began before an instant, at most `limit` rows; resolves to how many went. */
export async function deleteTraffic(transaction: Transaction, before: Date, limit: number): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    `WITH old AS (
       SELECT ctid FROM traffic_span WHERE seconds IN (60, 900, 3600) AND starts_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
     ), gone AS (DELETE FROM traffic_span WHERE ctid IN (SELECT ctid FROM old) RETURNING 1)
     SELECT count(*)::int AS count FROM gone`,
    [before, limit],
  );
  return row!.count;
}

/** Spans of so many seconds that shorter ones are made into. */
export type LongerSpan = 900 | 3_600;

/**
 * Makes one span of one API version out of the shorter ones of all gateways, the oldest that ended before an instant; what arrives
 * later is added to it by another time. False when there is none.
 */
export async function mergeTraffic(transaction: Transaction, seconds: LongerSpan, before: Date): Promise<boolean> {
  const length = `${seconds} seconds`;
  const shorter = [60, 900].filter((one) => one < seconds);
  const [place] = await transaction.query<{ readonly id: string; readonly at: Date }>(
    `SELECT api_version_id AS id, date_bin($2::interval, starts_at, 'epoch') AS at FROM traffic_span
     WHERE seconds = ANY($3::smallint[]) AND starts_at < date_bin($2::interval, $1::timestamptz, 'epoch')
     ORDER BY starts_at LIMIT 1`,
    [before, length, shorter],
  );
  if (!place) return false;
  await transaction.query(
    `WITH part AS (
       DELETE FROM traffic_span
       WHERE api_version_id = $1 AND starts_at >= $2 AND starts_at < $2::timestamptz + $4::interval AND seconds <= $3
       RETURNING *
     ), counted AS (
       SELECT operation, subset, mode, status_class, sum(calls) AS calls FROM part GROUP BY 1, 2, 3, 4
     ), timed AS (
       SELECT operation, subset, mode, status_class, kind,
         array_agg(bucket ORDER BY bucket) AS buckets, array_agg(count ORDER BY bucket) AS counts
       FROM (
         SELECT operation, subset, mode, status_class, kind, bucket, sum(count)::bigint AS count
         FROM part CROSS JOIN LATERAL (
           SELECT 'total' AS kind, * FROM unnest(total_buckets, total_counts) AS one (bucket, count)
           UNION ALL SELECT 'upstream', * FROM unnest(upstream_buckets, upstream_counts) AS one (bucket, count)) AS histogram
         GROUP BY 1, 2, 3, 4, 5, 6
       ) AS summed
       GROUP BY 1, 2, 3, 4, 5
     )
     INSERT INTO traffic_span (api_version_id, starts_at, seconds, operation, subset, mode, status_class, gateway_id, epoch, calls,
       total_buckets, total_counts, upstream_buckets, upstream_counts)
     SELECT $1, $2, $3, operation, subset, mode, status_class, '', 0, calls,
       coalesce(total.buckets, '{}'), coalesce(total.counts, '{}'), coalesce(upstream.buckets, '{}'), coalesce(upstream.counts, '{}')
     FROM counted
     LEFT JOIN (SELECT * FROM timed WHERE kind = 'total') AS total USING (operation, subset, mode, status_class)
     LEFT JOIN (SELECT * FROM timed WHERE kind = 'upstream') AS upstream USING (operation, subset, mode, status_class)`,
    [place.id, place.at, seconds, length],
  );
  return true;
}
