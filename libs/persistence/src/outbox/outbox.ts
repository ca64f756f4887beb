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
  await appendAllToOutbox(transaction, [message], createdAt);
}

/** The same for several. */
export async function appendAllToOutbox(
  transaction: Transaction,
  messages: readonly OutboxMessage[],
  createdAt: Date,
): Promise<void> {
  await transaction.query(
    `INSERT INTO outbox (id, queue, job_name, job_id, payload, created_at)
     SELECT id, queue, job_name, job_id, payload, $6
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[]) AS message (id, queue, job_name, job_id, payload)`,
    [
      messages.map(({ id }) => id),
      messages.map(({ queue }) => queue),
      messages.map(({ jobName }) => jobName),
      messages.map(({ jobId }) => jobId),
      messages.map(({ payload }) => JSON.stringify(payload)),
      createdAt,
    ],
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

/** Marks messages as handed to the queue at that instant; null takes it back. */
export async function markDispatched(
  transaction: Transaction,
  ids: readonly string[],
  dispatchedAt: Date | null,
): Promise<void> {
  await transaction.query(`UPDATE outbox SET dispatched_at = $2::timestamptz WHERE id = ANY($1::uuid[])`, [
    ids,
    dispatchedAt,
  ]);
}

/**
 * Up to `limit` messages that were handed to the queue at `dispatchedBefore` or earlier and are not done, locked: the
 * queue may have lost them. Handing them over again is harmless when it has not.
 */
export async function lockUndoneOutbox(
  transaction: Transaction,
  dispatchedBefore: Date,
  limit: number,
): Promise<OutboxMessage[]> {
  return transaction.query<OutboxMessage>(
    `SELECT id, queue, job_name AS "jobName", job_id AS "jobId", payload FROM outbox
     WHERE dispatched_at <= $1 ORDER BY dispatched_at, id LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [dispatchedBefore, limit],
  );
}

/** Forgets the messages behind a job that is done, or given up. */
export async function removeFromOutbox(transaction: Transaction, queue: string, jobId: string): Promise<void> {
  await transaction.query(`DELETE FROM outbox WHERE job_id = $2 AND queue = $1 AND dispatched_at IS NOT NULL`, [
    queue,
    jobId,
  ]);
}

/** What is in the outbox for one queue. */
export interface OutboxOfQueue {
  readonly queue: string;
  /** How many messages wait to be handed to the queue. */
  readonly waiting: number;
  /** When the oldest message was written whose job is not done. */
  readonly oldestAt: Date;
}

/** Of each queue that has any message. */
export function readOutbox(transaction: Transaction): Promise<OutboxOfQueue[]> {
  return transaction.query<OutboxOfQueue>(
    `SELECT queue, (count(*) FILTER (WHERE dispatched_at IS NULL))::integer AS waiting, min(created_at) AS "oldestAt"
     FROM outbox GROUP BY queue ORDER BY queue`,
  );
}
