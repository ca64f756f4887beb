import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type UsageEvent, uuidV7TimeMs } from '#domain';
import { from as copyFrom } from 'pg-copy-streams';
import { clientOf } from '../database/database-client.js';
import type { Transaction } from '../database/unit-of-work.js';
import { EVENTS_OF, type EventSource } from './archived-events.js';
import { copyRows } from './usage-copy-rows.js';
import { EVENT_COLUMNS, EVENT_DIGEST_SQL } from './usage-event-columns.js';
import { insertDistinctValuesSql } from './distinct-value-writer.js';
import { addToOperationDaysSql } from './usage-day-writer.js';
import { addToHoursSql } from './usage-hour-writer.js';
import { ADD_TO_ROLLUP, ROLLUP_COLUMNS, ROLLUP_KEY, countedUnitsSql } from './usage-rollup-writer.js';

/** An event, with what the ledger adds to it. */
export interface LedgerEvent {
  readonly event: UsageEvent;
  /** The start of the period that bills it; null in test mode. */
  readonly settlesInMs: number | null;
}

export interface EventKey {
  readonly id: string;
  readonly seq: number;
}

/** Where events come from. */
export interface SegmentKey {
  readonly gatewayId: string;
  readonly epoch: number;
  readonly segment: number;
}

const DAY_MS = 86_400_000;
const COLUMNS = EVENT_COLUMNS.join(', ');

/** Copies the events of one segment into a staging table that only this transaction sees. */
export async function stageUsageEvents(
  transaction: Transaction,
  segment: SegmentKey,
  events: readonly LedgerEvent[],
): Promise<void> {
  await stageSegments(transaction, [{ segment, events }]);
}

/** The events of one segment, as the ledger shall have them. */
export interface StagedSegment {
  readonly segment: SegmentKey;
  readonly events: readonly LedgerEvent[];
}

/** Copies the events of several segments into a staging table that only this transaction sees. */
export async function stageSegments(transaction: Transaction, segments: readonly StagedSegment[]): Promise<void> {
  await transaction.query(`CREATE TEMP TABLE IF NOT EXISTS usage_staging (LIKE usage_event) ON COMMIT DELETE ROWS`);
  const client = await clientOf(transaction);
  const copy = client.query(copyFrom(`COPY pg_temp.usage_staging (${COLUMNS}) FROM STDIN (FORMAT binary)`));
  await pipeline(Readable.from(copyRows(segments)), copy);
}

/**
 * Copies the events of several segments straight into the ledger, rollups aside; all of them must be new, as the database
 * refuses the whole transaction else. False, and nothing is copied, when the ledger does not take one of their days any more.
 */
export async function copyIntoLedger(transaction: Transaction, segments: readonly StagedSegment[]): Promise<boolean> {
  const days = segmentsByDay(segments);
  // As a statement over the whole table does: whoever drops a partition waits, and is waited for.
  await transaction.query('LOCK TABLE ONLY usage_event IN ROW EXCLUSIVE MODE');
  const partitions = await transaction.query<{ day: string; name: string | null }>(
    `SELECT day::text, to_regclass(usage_event_partition(day))::text AS name FROM unnest($1::date[]) AS day ORDER BY day`,
    [[...days.keys()]],
  );
  if (partitions.some(({ name }) => name === null)) return false;
  const client = await clientOf(transaction);
  for (const { day, name } of partitions) {
    const copy = client.query(copyFrom(`COPY ${name} (${COLUMNS}) FROM STDIN (FORMAT binary)`));
    await pipeline(Readable.from(copyRows(days.get(day)!)), copy);
  }
  return true;
}

/** The events apart by the day (UTC) of their ids, which says in what partition they are. */
function segmentsByDay(segments: readonly StagedSegment[]): ReadonlyMap<string, readonly StagedSegment[]> {
  const days = new Map<string, StagedSegment[]>();
  for (const { segment, events } of segments) {
    const ofDay = Map.groupBy(events, ({ event }) => Math.floor(uuidV7TimeMs(event.id) / DAY_MS));
    for (const [day, eventsOfDay] of ofDay) {
      const text = new Date(day * DAY_MS).toISOString().slice(0, 10);
      days.set(text, [...(days.get(text) ?? []), { segment, events: eventsOfDay }]);
    }
  }
  return days;
}

/**
 * Moves the staged events into the ledger and adds exactly those that were not there yet to the rollups, the hours, the days
 * and the values that are counted once, in the order of their keys, so that workers wait for each other instead of deadlocking.
 * Returns how many were new.
 */
export async function insertStagedUsage(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ inserted: number }>(`
    WITH inserted AS (
      INSERT INTO usage_event (${COLUMNS})
      SELECT ${COLUMNS} FROM pg_temp.usage_staging ORDER BY id, seq
      ON CONFLICT DO NOTHING
      RETURNING *
    ), added AS MATERIALIZED (
      SELECT any_value(organization_id) AS organization_id, any_value(application_id) AS application_id, credential_id,
        subscription_id, phase_id, any_value(plan_version_id) AS plan_version_id, mode, period_start, settles_in,
        api_product_id, api_version_id, operation, meter, bucket_at, status_class, billable, counts_to_quota,
        count(*) AS event_count, sum(quantity) AS quantity_sum, min(quantity) AS quantity_min, max(quantity) AS quantity_max,
        (array_agg(quantity ORDER BY id DESC, seq DESC))[1] AS quantity_last,
        (array_agg(id ORDER BY id DESC, seq DESC))[1] AS last_event_id,
        (array_agg(seq ORDER BY id DESC, seq DESC))[1] AS last_event_seq
      FROM (
        SELECT id, seq, organization_id, application_id, credential_id, subscription_id, phase_id, plan_version_id, mode,
          period_start, settles_in, api_product_id, api_version_id, operation, meter, quantity,
          (status / 100)::smallint AS status_class, date_bin('15 minutes', uuid_extract_timestamp(id), 'epoch') AS bucket_at,
          billable AND meter <> '' AS billable, counts_to_quota AND meter <> '' AS counts_to_quota
        FROM inserted, LATERAL ${countedUnitsSql('inserted')} AS used
      ) AS used
      GROUP BY ${ROLLUP_KEY}
    ), rolled_up AS (
      INSERT INTO usage_rollup (${ROLLUP_COLUMNS}) SELECT ${ROLLUP_COLUMNS} FROM added ORDER BY ${ROLLUP_KEY}
      ${ADD_TO_ROLLUP} RETURNING 1
    ), hours AS (
      ${addToHoursSql('added', 'rolled_up')} RETURNING 1
    ), days AS (
      ${addToOperationDaysSql('added', 'hours')} RETURNING 1
    ), counted_once AS (
      -- After hours and days, as wherever they are written: nobody deadlocks over them.
      ${insertDistinctValuesSql('inserted', '(SELECT count(*) FROM days) >= 0')}
    )
    SELECT count(*)::integer AS inserted FROM inserted`);
  return row?.inserted ?? 0;
}

/** The digests of those of the events that the ledger has under the same (id, seq); `source` says whether with its archive. */
export async function findEventDigests(
  transaction: Transaction,
  keys: readonly EventKey[],
  source: EventSource = 'ledger',
): Promise<(EventKey & { digest: Buffer })[]> {
  const ids = keys.map((key) => key.id).toSorted();
  if (ids.length === 0) return [];
  // The bounds spare the partitions of other days.
  return transaction.query(
    `SELECT event.id, event.seq, ${EVENT_DIGEST_SQL} AS digest
     FROM unnest($1::uuid[], $2::integer[]) AS wanted (id, seq)
     JOIN ${EVENTS_OF[source]} AS event ON event.id = wanted.id AND event.seq = wanted.seq
     WHERE event.id BETWEEN $3 AND $4`,
    [keys.map((key) => key.id), keys.map((key) => key.seq), ids[0], ids.at(-1)],
  );
}

/** Makes the partitions of the days from `firstMs` to `lastMs` (UTC) that are missing; at most 92 days at a time. */
export async function ensureUsagePartitions(transaction: Transaction, firstMs: number, lastMs: number): Promise<void> {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  await transaction.query('SELECT ensure_usage_event_partitions($1::date, $2::date)', [day(firstMs), day(lastMs)]);
}
