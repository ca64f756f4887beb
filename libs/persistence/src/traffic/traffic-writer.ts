import type { TrafficSpan } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';

/** Which start of which gateway has counted. */
export interface TrafficSource {
  readonly gatewayId: string;
  readonly epoch: number;
}

/**
 * Writes what a gateway has counted, in one statement. What it has written of the same minute before is replaced where there are more
 * calls now, so that nothing is counted twice when it does not know whether an earlier try was successful, and nothing is lost when tries arrive in
 * another order. No two of the spans may be of the same calls.
 */
export async function writeTraffic(
  transaction: Transaction,
  { gatewayId, epoch }: TrafficSource,
  spans: readonly TrafficSpan[],
): Promise<void> {
  const rows = spans.map(({ apiVersionId, operation, subset, mode, calls, total, upstream, ...span }) => ({
    api_version_id: apiVersionId,
    starts_at: new Date(span.startsAtMs),
    operation,
    subset,
    mode,
    status_class: span.statusClass,
    calls,
    total_buckets: total.buckets,
    total_counts: total.counts,
    upstream_buckets: upstream.buckets,
    upstream_counts: upstream.counts,
  }));
  await transaction.query(
    `INSERT INTO traffic_span AS written (api_version_id, starts_at, seconds, operation, subset, mode, status_class, gateway_id, epoch,
       calls, total_buckets, total_counts, upstream_buckets, upstream_counts)
     SELECT api_version_id, starts_at, 60, operation, subset, mode, status_class, $2, $3, calls, total_buckets, total_counts,
       upstream_buckets, upstream_counts
     FROM jsonb_to_recordset($1::jsonb) AS span (api_version_id uuid, starts_at timestamptz, operation text, subset text, mode text,
       status_class smallint, calls bigint, total_buckets smallint[], total_counts bigint[], upstream_buckets smallint[],
       upstream_counts bigint[])
     ON CONFLICT ON CONSTRAINT traffic_span_pk DO UPDATE SET calls = excluded.calls, total_buckets = excluded.total_buckets,
       total_counts = excluded.total_counts, upstream_buckets = excluded.upstream_buckets, upstream_counts = excluded.upstream_counts
     WHERE written.calls < excluded.calls`,
    [JSON.stringify(rows), gatewayId, epoch],
  );
}
