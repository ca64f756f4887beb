import type { Transaction } from '../database/unit-of-work.js';

/** How far the usage of one gateway is in the ledger. */
export interface GatewayWatermark {
  readonly gatewayId: string;
  readonly state: 'running' | 'stopped';
  /** Every request admitted before this instant is in a segment up to `sealedSegment`. */
  readonly admittedThrough: Date;
  readonly sealedSegment: bigint;
  /** How many of the sealed segments of its epoch the ledger has. */
  readonly acknowledgedSegments: bigint;
}

/** One row for each gateway ever registered, by id. What a row promises stays true: watermarks only rise. */
export async function readGatewayWatermarks(transaction: Transaction): Promise<GatewayWatermark[]> {
  const rows = await transaction.query<
    Omit<GatewayWatermark, 'sealedSegment' | 'acknowledgedSegments'> & {
      readonly sealedSegment: string;
      readonly acknowledgedSegments: string;
    }
  >(
    `SELECT id AS "gatewayId", state, admitted_through AS "admittedThrough", sealed_segment AS "sealedSegment",
            (SELECT count(*) FROM segment_manifest
             WHERE gateway_id = gateway.id AND epoch = gateway.epoch AND segment <= gateway.sealed_segment)
              AS "acknowledgedSegments"
     FROM gateway ORDER BY id`,
  );
  return rows.map((row) => ({
    ...row,
    sealedSegment: BigInt(row.sealedSegment),
    acknowledgedSegments: BigInt(row.acknowledgedSegments),
  }));
}
