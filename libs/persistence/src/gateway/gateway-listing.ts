import type { GatewayStanding } from '#domain';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/unit-of-work.js';

/** A gateway as an operator sees it. */
export interface ListedGateway {
  readonly id: string;
  readonly epoch: number;
  readonly state: 'running' | 'stopped';
  readonly heartbeatAt: Date;
  readonly admittedThrough: Date;
  readonly sealedSegment: number;
  /** The last segment of its epoch up to which the ledger has all; 0 before the first. */
  readonly acknowledgedSegment: number;
  readonly snapshotNumber: number;
  /** Null for one that started before gateways said so. */
  readonly softwareVersion: string | null;
}

/** Every gateway that was ever registered, by id, after one. */
export async function listRegisteredGateways(
  transaction: Transaction,
  { after, limit }: Slice = {},
): Promise<ListedGateway[]> {
  return transaction.query<ListedGateway>(
    `SELECT id, epoch::float8, state, heartbeat_at AS "heartbeatAt", admitted_through AS "admittedThrough",
            sealed_segment::float8 AS "sealedSegment", snapshot_number::float8 AS "snapshotNumber",
            software_version AS "softwareVersion",
            (SELECT coalesce(max(segment), 0)::float8
             FROM (SELECT segment, row_number() OVER (ORDER BY segment) AS position FROM segment_manifest
                   WHERE gateway_id = gateway.id AND epoch = gateway.epoch) numbered
             WHERE segment = position) AS "acknowledgedSegment"
     FROM gateway WHERE $1::text IS NULL OR id > $1 ORDER BY id LIMIT $2`,
    [after ?? null, limit ?? null],
  );
}

/** A gateway and how it stands. */
export interface KnownGateway extends GatewayStanding {
  readonly id: string;
  readonly admittedThrough: Date;
  /** Null for one that started before gateways said so. */
  readonly softwareVersion: string | null;
}

/** How every gateway that was ever registered stands, by look-ups that cost the same however much was counted. */
export async function listGatewayStandings(transaction: Transaction): Promise<KnownGateway[]> {
  return transaction.query<KnownGateway>(
    `SELECT id, admitted_through AS "admittedThrough", software_version AS "softwareVersion",
            state = 'running' AS "isRunning", heartbeat_at AS "heartbeatAt", sealed_segment::float8 AS "sealedSegment",
            (SELECT coalesce(max(segment), 0)::float8 FROM segment_manifest
             WHERE gateway_id = gateway.id AND epoch = gateway.epoch) AS "ledgerSegment"
     FROM gateway ORDER BY id`,
  );
}
