import type { Transaction } from '../database/unit-of-work.js';
import type { SegmentKey } from './usage-ingest.js';

/** The ledger's acknowledgement of one segment of a gateway's journal: what was in it, under a seal. */
export interface SegmentManifest extends SegmentKey {
  readonly eventCount: number;
  /** Exact decimals per meter. */
  readonly quantitySums: Readonly<Record<string, string>>;
  /** SHA-256 of the events as the gateway wrote them, in hex. */
  readonly contentHash: string;
  /** 32 bytes for each event, in order. */
  readonly digests: Buffer;
  readonly seal: Buffer;
  readonly attempt: number;
  readonly acknowledgedAt: Date;
}

export interface ManifestRow {
  readonly gateway_id: string;
  readonly epoch: string;
  readonly segment: string;
  readonly event_count: number;
  readonly quantity_sums: Readonly<Record<string, string>>;
  readonly content_hash: Buffer;
  readonly digests: Buffer;
  readonly seal: Buffer;
  readonly attempt: number;
  readonly acknowledged_at: Date;
}

/** False when the segment has a manifest already; a worker that is just writing it is waited for. */
export async function insertSegmentManifest(transaction: Transaction, manifest: SegmentManifest): Promise<boolean> {
  const rows = await transaction.query(
    `INSERT INTO segment_manifest (gateway_id, epoch, segment, event_count, quantity_sums, content_hash, digests, seal, attempt,
       acknowledged_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING true`,
    [
      manifest.gatewayId,
      manifest.epoch,
      manifest.segment,
      manifest.eventCount,
      JSON.stringify(manifest.quantitySums),
      Buffer.from(manifest.contentHash, 'hex'),
      manifest.digests,
      manifest.seal,
      manifest.attempt,
      manifest.acknowledgedAt,
    ],
  );
  return rows.length === 1;
}

/** The content hash, in hex, of the segment as it was acknowledged; null when it was not. */
export async function findAcknowledgedHash(
  transaction: Transaction,
  { gatewayId, epoch, segment }: SegmentKey,
): Promise<string | null> {
  const [row] = await transaction.query<{ content_hash: Buffer }>(
    `SELECT content_hash FROM segment_manifest WHERE gateway_id = $1 AND epoch = $2 AND segment = $3`,
    [gatewayId, epoch, segment],
  );
  return row?.content_hash.toString('hex') ?? null;
}

export function toSegmentManifest(row: ManifestRow): SegmentManifest {
  return {
    gatewayId: row.gateway_id,
    epoch: Number(row.epoch),
    segment: Number(row.segment),
    eventCount: row.event_count,
    quantitySums: row.quantity_sums,
    contentHash: row.content_hash.toString('hex'),
    digests: row.digests,
    seal: row.seal,
    attempt: row.attempt,
    acknowledgedAt: row.acknowledged_at,
  };
}
