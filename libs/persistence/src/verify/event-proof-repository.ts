import type { UsageEvent } from '#domain';
import type { Transaction } from '../database/unit-of-work.js';
import { LEDGER_AND_ARCHIVE } from '../usage/archived-events.js';
import { type ManifestRow, type SegmentManifest, toSegmentManifest } from '../usage/segment-manifest-repository.js';
import { EVENT_DIGEST_SQL } from '../usage/usage-event-columns.js';
import type { EventKey, SegmentKey } from '../usage/usage-ingest.js';

/** Bounds of event ids: from the first to before the second. */
export interface EventIdRange {
  readonly fromId: string;
  readonly toId: string;
}

/** A manifest that is not seen to be right, and what the ledger has of its segment: 32 bytes for each event (id, seq, digest). */
export interface DoubtfulSegment {
  readonly manifest: SegmentManifest;
  readonly entries: Buffer;
}

/** Segments of one epoch of a gateway that follow each other. */
export interface SegmentRun {
  readonly gatewayId: string;
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
}

const SEQ_BYTES = 'substring(int4send(event.seq) FROM 3 FOR 2)';

/**
 * What `segmentSeal` of #services seals, as SQL over a row named `manifest`. Where it says something else than that, which it may of
 * unusual texts, the segment is one to look at.
 */
const SEALED_SQL = `convert_to(concat('[', to_json(manifest.gateway_id), ',', manifest.epoch, ',', manifest.segment, ',',
    manifest.event_count, ',[', (
      SELECT string_agg(concat('[', to_json(each.key), ',', each.value, ']'), ',' ORDER BY each.key COLLATE "C")
      FROM jsonb_each(manifest.quantity_sums) AS each
    ), '],"', encode(manifest.content_hash, 'hex'), E'"]\\n'), 'UTF8') || manifest.digests`;

/**
 * The segments of a run that are not seen to be right by a look at all of it: whose manifest fits its
 * seal and lists, in the order in which they are stored, exactly the events in the range that the ledger has, with the archive
 * that was loaded. Bounds and not a list of segments, so that Postgres knows how few they are, and does not read the whole ledger.
 */
export async function listDoubtfulSegments(
  transaction: Transaction,
  { gatewayId, epoch, first, last }: SegmentRun,
  { fromId, toId }: EventIdRange,
): Promise<DoubtfulSegment[]> {
  const rows = await transaction.query<ManifestRow & { readonly entries: Buffer }>(
    `SELECT manifest.*, coalesce(stored.entries, '') AS entries
     FROM segment_manifest AS manifest LEFT JOIN (
       SELECT event.segment, string_agg(uuid_send(event.id) || ${SEQ_BYTES} || ${EVENT_DIGEST_SQL}, ''::bytea) AS entries
       FROM ${LEDGER_AND_ARCHIVE} AS event
       WHERE event.gateway_id = $1 AND event.gateway_epoch = $2 AND event.segment BETWEEN $3 AND $4
         AND event.id >= $5 AND event.id < $6
       GROUP BY event.segment
     ) AS stored USING (segment)
     WHERE manifest.gateway_id = $1 AND manifest.epoch = $2 AND manifest.segment BETWEEN $3 AND $4
       AND (coalesce(stored.entries, '') <> manifest.digests OR octet_length(manifest.digests) <> manifest.event_count * 32
         OR sha256(${SEALED_SQL}) <> manifest.seal)`,
    [gatewayId, epoch, first, last, fromId, toId],
  );
  return rows.map(({ entries, ...manifest }) => ({ manifest: toSegmentManifest(manifest), entries }));
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
