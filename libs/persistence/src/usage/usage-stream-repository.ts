import type { Transaction } from '../database/unit-of-work.js';
import { EVENTS_OF, type EventSource } from './archived-events.js';

/** One row of a stream: what has passed since the row before. */
export interface UsageRow {
  readonly seq: number;
  readonly endedAt: Date;
  readonly outcome: string;
  readonly reason: string;
  readonly billable: boolean;
  readonly countsToQuota: boolean;
  /** Exact decimals per meter slug. */
  readonly quantities: Readonly<Record<string, string>>;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** A stream as one request: its rows so far added up. */
export interface StreamTotal extends Omit<UsageRow, 'seq'> {
  readonly requestId: string;
  readonly rowCount: number;
  readonly estimated: boolean;
  readonly overrun: Readonly<Record<string, string>> | null;
}

/** Which of these requests are streams of several rows. Given by their ids, only the partitions of these are looked at. */
export async function listStreamIds(
  transaction: Transaction,
  requestIds: readonly string[],
  source: EventSource = 'ledger',
): Promise<string[]> {
  if (requestIds.length === 0) return [];
  const rows = await transaction.query<{ id: string }>(
    `SELECT DISTINCT id FROM ${EVENTS_OF[source]} AS event WHERE id = ANY($1) AND seq > 0`,
    [requestIds],
  );
  return rows.map(({ id }) => id);
}

/**
 * The sums of these streams. Outcome and reason are the last row's; a stream is billable when a row of it is, and its
 * quantities are then those of its billable rows.
 */
export async function sumStreams(
  transaction: Transaction,
  requestIds: readonly string[],
  source: EventSource = 'ledger',
): Promise<StreamTotal[]> {
  if (requestIds.length === 0) return [];
  const rows = await transaction.query<Omit<StreamTotal, 'bytesIn' | 'bytesOut'> & ByteColumns>(
    `WITH row AS (SELECT *, bool_or(billable) OVER (PARTITION BY id) AS any_billable FROM ${EVENTS_OF[source]} AS event WHERE id = ANY($1)),
       quantity AS (
         SELECT id, jsonb_object_agg(meter, sum) AS sums FROM (
           SELECT id, meter, trim_scale(sum(units::numeric))::text AS sum
           FROM row, jsonb_each_text(quantities) AS one(meter, units)
           WHERE billable = any_billable GROUP BY id, meter) AS per_meter
         GROUP BY id),
       above AS (
         SELECT id, jsonb_object_agg(meter, sum) AS sums FROM (
           SELECT id, meter, trim_scale(sum(units::numeric))::text AS sum
           FROM row, jsonb_each_text(overrun) AS one(meter, units) GROUP BY id, meter) AS per_meter
         GROUP BY id)
     SELECT row.id AS "requestId", count(*)::int AS "rowCount", max(ended_at) AS "endedAt",
       (array_agg(outcome ORDER BY seq DESC))[1] AS outcome, (array_agg(reason ORDER BY seq DESC))[1] AS reason,
       bool_or(billable) AS billable, bool_or(counts_to_quota) AS "countsToQuota", bool_or(estimated) AS estimated,
       coalesce((SELECT sums FROM quantity WHERE quantity.id = row.id), '{}') AS quantities,
       (SELECT sums FROM above WHERE above.id = row.id) AS overrun,
       sum(bytes_in) AS "bytesIn", sum(bytes_out) AS "bytesOut"
     FROM row GROUP BY row.id`,
    [requestIds],
  );
  return rows.map(withBytes);
}

/** The rows of a request of the organization, the latest first. */
export async function listUsageRows(
  transaction: Transaction,
  { organizationId, requestId }: { readonly organizationId: string; readonly requestId: string },
  limit: number,
  source: EventSource = 'ledger',
): Promise<UsageRow[]> {
  const rows = await transaction.query<Omit<UsageRow, 'bytesIn' | 'bytesOut'> & ByteColumns>(
    `SELECT seq, ended_at AS "endedAt", outcome, reason, billable, counts_to_quota AS "countsToQuota", quantities,
       bytes_in AS "bytesIn", bytes_out AS "bytesOut"
     FROM ${EVENTS_OF[source]} AS event WHERE id = $1 AND organization_id = $2 ORDER BY seq DESC LIMIT $3`,
    [requestId, organizationId, limit],
  );
  return rows.map(withBytes);
}

interface ByteColumns {
  readonly bytesIn: string;
  readonly bytesOut: string;
}

function withBytes<Row extends ByteColumns>(
  row: Row,
): Omit<Row, keyof ByteColumns> & Record<keyof ByteColumns, number> {
  return { ...row, bytesIn: Number(row.bytesIn), bytesOut: Number(row.bytesOut) };
}
