import type { Transaction } from '../database/unit-of-work.js';

export interface SegmentPlace {
  readonly gatewayId: string;
  readonly epoch: number;
  readonly segment: number;
}

/** The ledger has the segment with this content. */
export interface SegmentAcknowledgement extends SegmentPlace {
  /** SHA-256 of the events as the gateway wrote them, in hex. */
  readonly contentHash: string;
}

/** Which of these segments the ledger has. */
export async function readAcknowledgements(
  transaction: Transaction,
  segments: readonly SegmentPlace[],
): Promise<SegmentAcknowledgement[]> {
  if (segments.length === 0) return [];
  const rows = await transaction.query<{ gatewayId: string; epoch: string; segment: string; contentHash: string }>(
    `SELECT gateway_id AS "gatewayId", epoch, segment, encode(content_hash, 'hex') AS "contentHash"
     FROM segment_manifest
     JOIN unnest($1::text[], $2::bigint[], $3::bigint[]) AS asked (gateway_id, epoch, segment)
       USING (gateway_id, epoch, segment)`,
    [
      segments.map(({ gatewayId }) => gatewayId),
      segments.map(({ epoch }) => epoch),
      segments.map(({ segment }) => segment),
    ],
  );
  return rows.map((row) => ({ ...row, epoch: Number(row.epoch), segment: Number(row.segment) }));
}
