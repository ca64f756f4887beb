import type { UsageEvent } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { LEDGER_AND_ARCHIVE } from '../usage/archived-events.js';
import { EVENT_DIGEST_SQL } from '../usage/usage-event-columns.js';
import type { EventKey, SegmentKey } from '../usage/usage-ingest.js';

/** Bounds of event ids: from the first to before the second. */
export interface EventIdRange {
  readonly fromId: string;
  readonly toId: string;
}

/** What the ledger has of a segment: 32 bytes for each event (id, seq, digest), in the order of id and seq. */
export interface SegmentEntries extends SegmentKey {
  readonly entries: Buffer;
}

const SEQ_BYTES = 'substring(int4send(event.seq) FROM 3 FOR 2)';

/** Segments of one epoch of a gateway that follow each other. */
export interface SegmentRun {
  readonly gatewayId: string;
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
}

/**
 * What the ledger has of the segments of a run, with the archive that was loaded, of events in the range; segments without events are
 * left out. Bounds and not a list of segments, so that Postgres knows how few they are, and does not read the whole ledger.
 */
export async function listSegmentEntries(
  transaction: Transaction,
  { gatewayId, epoch, first, last }: SegmentRun,
  { fromId, toId }: EventIdRange,
): Promise<SegmentEntries[]> {
  const rows = await transaction.query<{ segment: string; entries: Buffer }>(
    `SELECT event.segment,
       string_agg(uuid_send(event.id) || ${SEQ_BYTES} || ${EVENT_DIGEST_SQL}, ''::bytea ORDER BY event.id, event.seq) AS entries
     FROM ${LEDGER_AND_ARCHIVE} AS event
     WHERE event.gateway_id = $1 AND event.gateway_epoch = $2 AND event.segment BETWEEN $3 AND $4
       AND event.id >= $5 AND event.id < $6
     GROUP BY event.segment`,
    [gatewayId, epoch, first, last, fromId, toId],
  );
  return rows.map(({ segment, entries }) => ({ gatewayId, epoch, segment: Number(segment), entries }));
}

/** How many events of the range the ledger has, with the archive that was loaded. */
export async function countEventsInRange(transaction: Transaction, { fromId, toId }: EventIdRange): Promise<number> {
  const [row] = await transaction.query<{ count: string }>(
    `SELECT count(*) AS count FROM ${LEDGER_AND_ARCHIVE} AS event WHERE event.id >= $1 AND event.id < $2`,
    [fromId, toId],
  );
  return Number(row!.count);
}

/** The first event of the range whose segment was not acknowledged at `since` or later. */
export async function findEventWithoutManifest(
  transaction: Transaction,
  { fromId, toId }: EventIdRange,
  since: Date | null,
): Promise<(EventKey & SegmentKey) | null> {
  const [row] = await transaction.query<EventKey & { gateway_id: string; epoch: string; segment: string }>(
    `SELECT event.id, event.seq, event.gateway_id, event.gateway_epoch AS epoch, event.segment
     FROM ${LEDGER_AND_ARCHIVE} AS event
     WHERE event.id >= $1 AND event.id < $2 AND NOT EXISTS (
       SELECT FROM segment_manifest AS manifest
       WHERE manifest.gateway_id = event.gateway_id AND manifest.epoch = event.gateway_epoch
         AND manifest.segment = event.segment AND ($3::timestamptz IS NULL OR manifest.acknowledged_at >= $3))
     ORDER BY event.id, event.seq LIMIT 1`,
    [fromId, toId, since],
  );
  if (!row) return null;
  const { id, seq, gateway_id: gatewayId, epoch, segment } = row;
  return { id, seq, gatewayId, epoch: Number(epoch), segment: Number(segment) };
}

/** An event that was kept aside, as it is stored. */
export interface StoredQuarantinedEvent extends EventKey {
  readonly reason: string;
  readonly event: UsageEvent | string;
}

/** What was kept aside of a segment when it was acknowledged. */
export function listQuarantinedOfSegment(
  transaction: Transaction,
  { gatewayId, epoch, segment }: SegmentKey,
): Promise<StoredQuarantinedEvent[]> {
  return transaction.query(
    `SELECT event_id AS id, seq, reason, event FROM usage_event_quarantine
     WHERE gateway_id = $1 AND gateway_epoch = $2 AND segment = $3 AND reason <> 'segment_differs' ORDER BY id`,
    [gatewayId, epoch, segment],
  );
}
