import type { Transaction } from '../database/unit-of-work.js';

/** A worker's row: what it last said of itself. */
export interface WorkerRow {
  /** Of its machine and process, so that a start of the same process is another one. */
  readonly id: string;
  readonly softwareVersion: string;
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
}

/** Writes a worker's heartbeat, and forgets workers that were last heard of before `forgetBefore`. */
export async function writeWorkerHeartbeat(
  transaction: Transaction,
  { id, softwareVersion, startedAt, heartbeatAt }: WorkerRow,
  forgetBefore: Date,
): Promise<void> {
  await transaction.query(
    `WITH forgotten AS (DELETE FROM worker WHERE heartbeat_at < $5 AND id <> $1)
     INSERT INTO worker (id, software_version, started_at, heartbeat_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET heartbeat_at = $4`,
    [id, softwareVersion, startedAt, heartbeatAt, forgetBefore],
  );
}

/** Forgets a worker, which stops. */
export async function deleteWorker(transaction: Transaction, id: string): Promise<void> {
  await transaction.query('DELETE FROM worker WHERE id = $1', [id]);
}

/** The workers that were heard of lately, the oldest first. */
export function listWorkers(transaction: Transaction): Promise<WorkerRow[]> {
  return transaction.query(
    `SELECT id, software_version AS "softwareVersion", started_at AS "startedAt", heartbeat_at AS "heartbeatAt"
     FROM worker ORDER BY started_at, id`,
  );
}
