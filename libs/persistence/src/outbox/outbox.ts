import type { Transaction } from '../database/unit-of-work.js';

/** A job to be queued once the transaction that wrote it is committed. */
export interface OutboxMessage {
  readonly id: string;
  readonly queue: string;
  readonly jobName: string;
  /** Deterministic, so that queueing it twice is harmless. */
  readonly jobId: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Writes the message in the caller's transaction: it is sent if, and only if, the change is committed. */
export async function appendToOutbox(transaction: Transaction, message: OutboxMessage, createdAt: Date): Promise<void> {
  await transaction.query(
    `INSERT INTO outbox (id, queue, job_name, job_id, payload, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
    [message.id, message.queue, message.jobName, message.jobId, JSON.stringify(message.payload), createdAt],
  );
}

/** Up to `limit` messages that wait, oldest first, locked against other dispatchers. */
export async function lockWaitingOutbox(transaction: Transaction, limit: number): Promise<OutboxMessage[]> {
  return transaction.query<OutboxMessage>(
    `SELECT id, queue, job_name AS "jobName", job_id AS "jobId", payload FROM outbox
     WHERE dispatched_at IS NULL ORDER BY created_at, id LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [limit],
  );
}

/** Marks messages as handed to the queue. */
export async function markDispatched(transaction: Transaction, ids: readonly string[], dispatchedAt: Date): Promise<void> {
  await transaction.query(`UPDATE outbox SET dispatched_at = $2 WHERE id = ANY($1::uuid[])`, [ids, dispatchedAt]);
}
