import type { Transaction } from '../database/unit-of-work.js';
import type { SegmentKey } from '../usage/usage-ingest.js';

/** Lifts the time limit of statements, and gives sorts room, for the rest of the transaction: proofs read everything. */
export async function allowLongStatements(transaction: Transaction): Promise<void> {
  await transaction.query(`SELECT set_config('statement_timeout', '0', true), set_config('work_mem', '64MB', true)`);
}

/** So many segments are named at a time at most, however few events they have. */
const MAX_SEGMENTS = 2_000;

/** A segment that is acknowledged, and how many events its manifest counts. */
export interface AcknowledgedSegment extends SegmentKey {
  readonly eventCount: number;
}

/**
 * Segments in the order of their keys, after one of them, that were acknowledged at `since` or later: up to the one
 * with which they have `events` events; none only when there are none left.
 */
export async function listAcknowledgedSegments(
  transaction: Transaction,
  { after, since, events }: { readonly after: SegmentKey | null; readonly since: Date | null; readonly events: number },
): Promise<AcknowledgedSegment[]> {
  const rows = await transaction.query<{ gateway_id: string; epoch: string; segment: string; event_count: number }>(
    `SELECT gateway_id, epoch, segment, event_count FROM (
       SELECT *, sum(event_count) OVER (ORDER BY gateway_id, epoch, segment) - event_count AS events_before
       FROM (
         SELECT gateway_id, epoch, segment, event_count FROM segment_manifest
         WHERE ($1::text IS NULL OR (gateway_id, epoch, segment) > ($1, $2::bigint, $3::bigint))
           AND ($4::timestamptz IS NULL OR acknowledged_at >= $4)
         ORDER BY gateway_id, epoch, segment LIMIT ${MAX_SEGMENTS}
       ) AS following
     ) AS counted
     WHERE events_before < $5 ORDER BY gateway_id, epoch, segment`,
    [after?.gatewayId ?? null, after?.epoch ?? null, after?.segment ?? null, since, events],
  );
  return rows.map(({ gateway_id: gatewayId, epoch, segment, event_count: eventCount }) => ({
    gatewayId,
    epoch: Number(epoch),
    segment: Number(segment),
    eventCount,
  }));
}

/** How many segments are acknowledged. */
export async function countManifests(transaction: Transaction): Promise<number> {
  const [row] = await transaction.query<{ count: string }>(`SELECT count(*) AS count FROM segment_manifest`);
  return Number(row!.count);
}

/** The first segment, in the order of keys, that is not acknowledged although a later one of its epoch is. */
export async function findSegmentGap(
  transaction: Transaction,
): Promise<(SegmentKey & { readonly next: number }) | null> {
  const [row] = await transaction.query<{ gateway_id: string; epoch: string; segment: string; next: string }>(
    `SELECT gateway_id, epoch, before + 1 AS segment, segment AS next FROM (
       SELECT gateway_id, epoch, segment,
         lag(segment, 1, 0::bigint) OVER (PARTITION BY gateway_id, epoch ORDER BY segment) AS before
       FROM segment_manifest) AS numbered
     WHERE segment <> before + 1 ORDER BY gateway_id, epoch, segment LIMIT 1`,
  );
  if (!row) return null;
  return { gatewayId: row.gateway_id, epoch: Number(row.epoch), segment: Number(row.segment), next: Number(row.next) };
}

/**
 * The first acknowledged segment whose number is higher than what its gateway has sealed in that epoch. While a gateway
 * runs its last word may be older than the ledger, so only what was acknowledged before it counts.
 */
export async function findSegmentBeyondJournal(
  transaction: Transaction,
): Promise<(SegmentKey & { readonly sealedSegment: number }) | null> {
  const [row] = await transaction.query<{ gateway_id: string; epoch: string; segment: string; sealed_segment: string }>(
    `SELECT manifest.gateway_id, manifest.epoch, manifest.segment, gateway.sealed_segment
     FROM gateway JOIN segment_manifest AS manifest ON manifest.gateway_id = gateway.id AND manifest.epoch = gateway.epoch
     WHERE manifest.segment > gateway.sealed_segment
       AND (gateway.state = 'stopped' OR manifest.acknowledged_at < gateway.heartbeat_at - interval '1 second')
     ORDER BY 1, 2, 3 LIMIT 1`,
  );
  if (!row) return null;
  const { gateway_id: gatewayId, epoch, segment, sealed_segment: sealedSegment } = row;
  return { gatewayId, epoch: Number(epoch), segment: Number(segment), sealedSegment: Number(sealedSegment) };
}
