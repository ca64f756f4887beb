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
  return (await insertSegmentManifests(transaction, [manifest])) === 1;
}

/**
 * Inserts those of the manifests whose segments have none yet, in the order of their keys, and returns how many; workers
 * that are just writing one are waited for.
 */
export async function insertSegmentManifests(
  transaction: Transaction,
  manifests: readonly SegmentManifest[],
): Promise<number> {
  const rows = await transaction.query(
    `INSERT INTO segment_manifest (gateway_id, epoch, segment, event_count, quantity_sums, content_hash, digests, seal, attempt,
       acknowledged_at)
     SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::integer[], $5::jsonb[], $6::bytea[], $7::bytea[],
       $8::bytea[], $9::integer[], $10::timestamptz[]) AS manifest (gateway_id, epoch, segment)
     ORDER BY gateway_id, epoch, segment
     ON CONFLICT DO NOTHING RETURNING true`,
    [
      manifests.map(({ gatewayId }) => gatewayId),
      manifests.map(({ epoch }) => epoch),
      manifests.map(({ segment }) => segment),
      manifests.map(({ eventCount }) => eventCount),
      manifests.map(({ quantitySums }) => JSON.stringify(quantitySums)),
      manifests.map(({ contentHash }) => Buffer.from(contentHash, 'hex')),
      manifests.map(({ digests }) => digests),
      manifests.map(({ seal }) => seal),
      manifests.map(({ attempt }) => attempt),
      manifests.map(({ acknowledgedAt }) => acknowledgedAt),
    ],
  );
  return rows.length;
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
