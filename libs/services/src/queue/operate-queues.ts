import { ConflictError, NotFoundError } from '#domain';
import { type Actor, type OutboxOfQueue, type Transaction, appendToAuditLog, readOutbox } from '#persistence';
import {
  type JobState,
  type QueueDesk,
  type QueueName,
  type QueueState,
  type QueuedJob,
  SEGMENT_QUEUE,
  isQueueName,
} from '#queues';
import type { ServiceContext } from '../context.js';

/** Queues whose jobs are handed out again by the clock when they are not done in time: paused, they would grow without end. */
const UNPAUSABLE: Partial<Readonly<Record<QueueName, string>>> = {
  [SEGMENT_QUEUE]: 'gateways ship a segment again every 15 seconds until it is in the ledger',
  webhooks: 'deliveries are handed out again when their lease ends',
};

/** A queue, with what the database knows of it. */
export interface OperatedQueue extends QueueState {
  readonly canPause: boolean;
  /** Jobs that were decided on and are not handed to the queue yet. */
  readonly notHandedOver: number;
  /** When the oldest job that is not done was decided on; null without one, and for segments, which gateways know of. */
  readonly oldestAt: Date | null;
}

/** An act of somebody on a queue. */
export interface QueueAct {
  readonly queue: string;
  readonly actor: Actor;
}

/**
 * Every queue as it is.
 * @throws QueueUnavailableError when the server of the queues does not answer
 */
export async function readQueues(context: ServiceContext, desk: QueueDesk): Promise<OperatedQueue[]> {
  const [states, outbox] = await Promise.all([desk.read(), context.unitOfWork.inSystem(readOutbox)]);
  const known = new Map<string, OutboxOfQueue>(outbox.map((row) => [row.queue, row]));
  return states.map((state) => ({
    ...state,
    canPause: UNPAUSABLE[state.queue] === undefined,
    notHandedOver: known.get(state.queue)?.waiting ?? 0,
    oldestAt: known.get(state.queue)?.oldestAt ?? null,
  }));
}

/**
 * Jobs of a queue in a state, those that are there longest first, without what is secret in them.
 * @throws NotFoundError `queue_not_found`; QueueUnavailableError
 */
export function listQueuedJobs(
  desk: QueueDesk,
  { queue, state, limit }: { readonly queue: string; readonly state: JobState; readonly limit: number },
): Promise<QueuedJob[]> {
  return desk.list(known(queue), state, limit);
}

/**
 * Has a job that failed tried again now, and not when its time has come.
 * @throws NotFoundError `queue_not_found`, `job_not_found` also for one that does not wait for another try
 */
export function retryQueuedJob(
  context: ServiceContext,
  desk: QueueDesk,
  { queue, jobId, actor }: QueueAct & { readonly jobId: string },
): Promise<void> {
  const name = known(queue);
  return context.unitOfWork.inSystem(async (transaction) => {
    await record(context, transaction, { actor, action: 'retried', noun: 'job', nounId: jobId, queue });
    if (!(await desk.retry(name, jobId))) throw new NotFoundError('job');
  });
}

/**
 * The same for all jobs of a queue that have failed.
 * @throws NotFoundError `queue_not_found`; QueueUnavailableError
 */
export function retryQueuedJobs(context: ServiceContext, desk: QueueDesk, { queue, actor }: QueueAct): Promise<void> {
  const name = known(queue);
  return context.unitOfWork.inSystem(async (transaction) => {
    await record(context, transaction, { actor, action: 'retried', noun: 'queue', nounId: queue, queue });
    await desk.retryAll(name);
  });
}

/**
 * Lets nobody take jobs of a queue until it is resumed. Nothing is lost: what is decided on waits.
 * @throws NotFoundError `queue_not_found`; ConflictError `queue_not_pausable`; QueueUnavailableError
 */
export function pauseQueue(context: ServiceContext, desk: QueueDesk, { queue, actor }: QueueAct): Promise<void> {
  const name = known(queue);
  const reason = UNPAUSABLE[name];
  if (reason !== undefined) {
    throw new ConflictError(
      'queue_not_pausable',
      `The queue ${queue} cannot be paused, as it would grow without end: ${reason}. Stop the workers instead.`,
    );
  }
  return context.unitOfWork.inSystem(async (transaction) => {
    await record(context, transaction, { actor, action: 'paused', noun: 'queue', nounId: queue, queue });
    await desk.pause(name);
  });
}

/**
 * Lets jobs of a paused queue be taken again.
 * @throws NotFoundError `queue_not_found`; QueueUnavailableError
 */
export function resumeQueue(context: ServiceContext, desk: QueueDesk, { queue, actor }: QueueAct): Promise<void> {
  const name = known(queue);
  return context.unitOfWork.inSystem(async (transaction) => {
    await record(context, transaction, { actor, action: 'resumed', noun: 'queue', nounId: queue, queue });
    await desk.resume(name);
  });
}

function known(queue: string): QueueName {
  if (isQueueName(queue)) return queue;
  throw new NotFoundError('queue');
}

/** Before the act, in the same transaction: none is done that is not written down. */
async function record(
  context: ServiceContext,
  transaction: Transaction,
  {
    queue,
    ...entry
  }: {
    readonly actor: Actor;
    readonly action: string;
    readonly noun: string;
    readonly nounId: string;
    readonly queue: string;
  },
): Promise<void> {
  await appendToAuditLog(transaction, {
    id: context.ids.next(),
    organizationId: null,
    ...entry,
    ...(entry.noun === 'job' && { details: { queue } }),
    createdAt: context.clock.now(),
  });
}
