import type { Job, JobType, Queue } from 'bullmq';
import { PAUSED_JOBS, isPostgres } from './backend.js';
import { type QueueName, queueNames } from './job-definitions.js';
import { type QueueConnection, connectQueue } from './queue-connection.js';
import { SEGMENT_QUEUE } from './segment-job.js';
import { shownPayload } from './shown-payload.js';

/** What a job does at the moment. Queues keep none that is done or given up. */
export const JOB_STATES = ['waiting', 'active', 'retrying'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** What BullMQ calls them. Jobs are delayed by nothing but a failed try, and those of a paused queue wait. */
const TYPES: Readonly<Record<JobState, readonly JobType[]>> = {
  waiting: ['wait', 'prioritized'],
  active: ['active'],
  retrying: ['delayed'],
};
const MAX_ERROR = 2_000;
/** More tries than this are as good as for ever. */
const MANY_ATTEMPTS = 1_000_000;
/** A segment is a megabyte, all of which comes with its job. */
const SEGMENTS_AT_MOST = 10;

/** How a queue is at an instant. */
export interface QueueState {
  readonly queue: QueueName;
  /** Nobody takes jobs, until it is resumed. */
  readonly isPaused: boolean;
  readonly jobs: Readonly<Record<JobState, number>>;
}

/** A job, for people. */
export interface QueuedJob {
  readonly id: string;
  readonly name: string;
  readonly addedAt: Date;
  /** Tries that have ended. */
  readonly attempts: number;
  /** How many there are at most; null for as long as it takes. */
  readonly maxAttempts: number | null;
  /** Why the last try failed; null without one. */
  readonly error: string | null;
  /** Without what is secret. */
  readonly payload: Readonly<Record<string, string>>;
}

/** All queues, for who looks after them. Each method throws QueueUnavailableError when the server does not answer. */
export interface QueueDesk {
  readonly backEnd: 'postgres' | 'redis';
  read(): Promise<QueueState[]>;
  /** Up to `limit` jobs in that state, those that are there longest first; of segments of usage at most ten. */
  list(queue: QueueName, state: JobState, limit: number): Promise<QueuedJob[]>;
  /** Has a job that failed tried again at once; false when it does not wait for that. */
  retry(queue: QueueName, jobId: string): Promise<boolean>;
  /** The same for all of them. */
  retryAll(queue: QueueName): Promise<void>;
  /** Lets nobody take jobs until `resume`; those that run go on. */
  pause(queue: QueueName): Promise<void>;
  resume(queue: QueueName): Promise<void>;
  close(): Promise<void>;
}

/** The desk of the queues on the server that `queueUrl` names; it connects at the first use. */
export function createQueueDesk(queueUrl: string, onError: (error: Error) => void = () => {}): QueueDesk {
  const connections = new Map<QueueName, QueueConnection>();
  const use = <Result>(name: QueueName, work: (queue: Queue) => Promise<Result>): Promise<Result> => {
    const connection = connections.get(name) ?? connectQueue(name, queueUrl, onError);
    connections.set(name, connection);
    return connection.use(work);
  };
  return {
    backEnd: isPostgres(queueUrl) ? 'postgres' : 'redis',
    read: () => Promise.all(queueNames.map((name) => use(name, (queue) => readState(name, queue)))),
    list: (name, state, limit) =>
      use(name, async (queue) => {
        const most = name === SEGMENT_QUEUE ? Math.min(limit, SEGMENTS_AT_MOST) : limit;
        const found = (await queue.getJobs([...TYPES[state]], 0, most - 1, true)) as (Job | undefined)[];
        // A job may have ended since its name was read.
        return found
          .filter((job) => job !== undefined)
          .slice(0, most)
          .map((job) => describe(name, job));
      }),
    retry: (name, jobId) =>
      use(name, async (queue) => {
        const job = await queue.getJob(jobId);
        if (!job || !(await job.isDelayed())) return false;
        // Somebody else may be quicker: then it is under way, which is what was wanted.
        await job.promote().catch(async (error: unknown) => {
          if (await job.isDelayed()) throw error;
        });
        return true;
      }),
    retryAll: (name) => use(name, (queue) => queue.promoteJobs()),
    pause: (name) => use(name, (queue) => queue.pause()),
    resume: (name) => use(name, (queue) => queue.resume()),
    async close() {
      const open = [...connections.values()];
      connections.clear();
      await Promise.all(open.map((connection) => connection.close()));
    },
  };
}

async function readState(name: QueueName, queue: Queue): Promise<QueueState> {
  const types: typeof TYPES = { ...TYPES, waiting: [...TYPES.waiting, PAUSED_JOBS] };
  const [isPaused, counts] = await Promise.all([queue.isPaused(), queue.getJobCounts(...Object.values(types).flat())]);
  const sumOf = (state: JobState) => types[state].reduce((sum, type) => sum + (counts[type] ?? 0), 0);
  const jobs = { waiting: sumOf('waiting'), active: sumOf('active'), retrying: sumOf('retrying') };
  return { queue: name, isPaused, jobs };
}

function describe(queue: QueueName, job: Job): QueuedJob {
  const attempts = job.opts.attempts ?? 1;
  return {
    id: job.id ?? '',
    name: job.name,
    addedAt: new Date(job.timestamp),
    attempts: job.attemptsMade,
    maxAttempts: attempts > MANY_ATTEMPTS ? null : attempts,
    error: job.failedReason ? job.failedReason.slice(0, MAX_ERROR) : null,
    payload: shownPayload(queue, job.data),
  };
}
