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

/** What the ledger has of these segments, with the archive that was loaded, of events in the range; segments without events are left out. */
export async function listSegmentEntries(
  transaction: Transaction,
  segments: readonly SegmentKey[],
  { fromId, toId }: EventIdRange,
): Promise<SegmentEntries[]> {
  const rows = await transaction.query<{ gateway_id: string; epoch: string; segment: string; entries: Buffer }>(
    `SELECT event.gateway_id, event.gateway_epoch AS epoch, event.segment,
       string_agg(uuid_send(event.id) || ${SEQ_BYTES} || ${EVENT_DIGEST_SQL}, ''::bytea ORDER BY event.id, event.seq) AS entries
     FROM ${LEDGER_AND_ARCHIVE} AS event
     JOIN unnest($1::text[], $2::bigint[], $3::bigint[]) AS wanted (gateway_id, epoch, segment)
       ON wanted.gateway_id = event.gateway_id AND wanted.epoch = event.gateway_epoch AND wanted.segment = event.segment
     WHERE event.id >= $4 AND event.id < $5
     GROUP BY 1, 2, 3`,
    [
      segments.map(({ gatewayId }) => gatewayId),
      segments.map(({ epoch }) => epoch),
      segments.map(({ segment }) => segment),
      fromId,
      toId,
    ],
  );
  return rows.map((row) => ({
    gatewayId: row.gateway_id,
    epoch: Number(row.epoch),
    segment: Number(row.segment),
    entries: row.entries,
  }));
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
