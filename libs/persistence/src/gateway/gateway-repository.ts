import type { Transaction } from '../database/unit-of-work.js';

/** A gateway's row: what it last said of itself. */
export interface GatewayRow {
  readonly id: string;
  /** One for each start of the process. */
  readonly epoch: number;
  readonly state: 'running' | 'stopped';
  readonly heartbeatAt: Date;
  readonly admittedThrough: Date;
}

export interface GatewayHeartbeat {
  readonly id: string;
  readonly epoch: number;
  readonly state: 'running' | 'stopped';
  readonly heartbeatAt: Date;
  /** Every request admitted before this instant has ended and is in a segment up to `sealedSegment`. */
  readonly admittedThrough: Date;
  readonly sealedSegment: number;
  readonly snapshotNumber: number;
}

/** The gateway's row, locked until the transaction ends; null when it never ran. */
export async function lockGateway(transaction: Transaction, id: string): Promise<GatewayRow | null> {
  const [row] = await transaction.query<Omit<GatewayRow, 'epoch'> & { readonly epoch: string }>(
    `SELECT id, epoch, state, heartbeat_at AS "heartbeatAt", admitted_through AS "admittedThrough"
     FROM gateway WHERE id = $1 FOR UPDATE`,
    [id],
  );
  return row ? { ...row, epoch: Number(row.epoch) } : null;
}

/** The highest epoch of the gateway that the ledger knows a segment of; 0 when it knows none. */
export async function readLastLedgerEpoch(transaction: Transaction, gatewayId: string): Promise<number> {
  const [row] = await transaction.query<{ epoch: string }>(
    'SELECT coalesce(max(epoch), 0) AS epoch FROM segment_manifest WHERE gateway_id = $1',
    [gatewayId],
  );
  return Number(row!.epoch);
}

/**
 * Begins an epoch: from now on only its own heartbeats count. The watermark stays where the epochs before have left it,
 * unless the ledger lacks some of their segments: then it falls back to that epoch's start, so that no period closes
 * without them. A gateway that never ran begins at `admittedThrough`. False, and nothing changes, when a higher epoch has begun.
 */
export async function beginGatewayEpoch(
  transaction: Transaction,
  {
    id,
    epoch,
    startedAt,
    admittedThrough,
    softwareVersion = null,
  }: {
    readonly id: string;
    readonly epoch: number;
    readonly startedAt: Date;
    readonly admittedThrough: Date;
    /** Absent when nobody runs in this epoch. */
    readonly softwareVersion?: string | null;
  },
): Promise<boolean> {
  const rows = await transaction.query<{ id: string }>(
    `INSERT INTO gateway (id, epoch, state, started_at, heartbeat_at, admitted_through, sealed_segment, snapshot_number,
       software_version)
     VALUES ($1, $2, 'running', $3, $3, $4, 0, 0, $5)
     ON CONFLICT (id) DO UPDATE SET epoch = $2, state = 'running', started_at = $3, heartbeat_at = $3, sealed_segment = 0,
       software_version = coalesce($5, gateway.software_version), admitted_through = CASE
         WHEN gateway.sealed_segment <= (SELECT count(*) FROM segment_manifest
           WHERE gateway_id = gateway.id AND epoch = gateway.epoch AND segment <= gateway.sealed_segment)
         THEN gateway.admitted_through ELSE least(gateway.started_at, gateway.admitted_through) END
       WHERE gateway.epoch < $2
     RETURNING id`,
    [id, epoch, startedAt, admittedThrough, softwareVersion],
  );
  return rows.length === 1;
}

/** Writes a heartbeat; watermarks only rise. False when another epoch of the gateway has begun. */
export async function writeGatewayHeartbeat(transaction: Transaction, heartbeat: GatewayHeartbeat): Promise<boolean> {
  const rows = await transaction.query<{ id: string }>(
    `WITH written AS (
       UPDATE gateway SET state = $3, heartbeat_at = $4, admitted_through = greatest(admitted_through, $5),
         sealed_segment = greatest(sealed_segment, $6), snapshot_number = $7
       WHERE id = $1 AND epoch = $2 RETURNING id)
     SELECT id FROM written`,
    [
      heartbeat.id,
      heartbeat.epoch,
      heartbeat.state,
      heartbeat.heartbeatAt,
      heartbeat.admittedThrough,
      heartbeat.sealedSegment,
      heartbeat.snapshotNumber,
    ],
  );
  return rows.length === 1;
}

/** How many gateways run and were heard of since then. */
export async function countRunningGateways(transaction: Transaction, since: Date): Promise<number> {
  const [row] = await transaction.query<{ count: string }>(
    `SELECT count(*) AS count FROM gateway WHERE state = 'running' AND heartbeat_at > $1`,
    [since],
  );
  return Number(row!.count);
}
