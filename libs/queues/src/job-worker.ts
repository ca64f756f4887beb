import { UnrecoverableError, type Job } from 'bullmq';
import { openWorker } from './backend.js';
import { type JobName, type JobPayload, type QueueName, findJobDefinition, retryDelayMs } from './job-definitions.js';
import { JobRefusedError, QueueUnavailableError } from './queue-error.js';

/** After this long without a sign of life a job's worker is taken for dead and the job is given to another. */
const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 2_500;
/** A job whose workers keep dying is not to blame for it. */
const MAX_STALLED = 1_000_000;
const RECONNECT_MS = 500;

/** What a processor may know of the job besides its payload. */
export interface RunningJob {
  readonly id: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** True when the queue gives the job up if this try fails. */
  readonly isLastAttempt: boolean;
}

/** One function for each job of the queue. A job may come twice, also at the same time: each must cope with that. */
export type JobProcessors<Name extends QueueName> = {
  readonly [Job in JobName<Name>]: (payload: JobPayload<Name, Job>, job: RunningJob) => Promise<void>;
};

export interface JobFailure {
  readonly queue: QueueName;
  readonly jobName: string;
  readonly jobId: string;
  readonly attempt: number;
  /** False when the job will not be tried again. */
  readonly willRetry: boolean;
}

export interface WorkerOptions {
  /** Jobs at a time in this process. */
  readonly concurrency: number;
  /** Told about every failed try (with `failure`) and every lost connection (without). */
  readonly onError: (error: Error, failure?: JobFailure) => void;
}

export interface JobWorker {
  /** Takes no more jobs and resolves when those that run have ended. */
  close(): Promise<void>;
}

/**
 * Works the queue until it is closed; after a loss of the connection it goes on by itself.
 * @throws QueueUnavailableError when the server cannot be reached at first, or BullMQ's schema is missing there.
 */
export async function createWorker<Name extends QueueName>(
  name: Name,
  queueUrl: string,
  processors: JobProcessors<Name>,
  options: WorkerOptions,
): Promise<JobWorker> {
  const worker = openWorker(name, queueUrl, (job) => processJob(name, processors, job), {
    concurrency: options.concurrency,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: MAX_STALLED,
    runRetryDelay: RECONNECT_MS,
    settings: {
      backoffStrategy: (attemptsMade, _type, _error, job) =>
        retryDelayMs(attemptsMade, findJobDefinition(name, job?.name ?? '')?.lastRetryMs),
    },
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  worker.on('error', (error) => options.onError(error));
  worker.on('failed', (job, error) => {
    if (!job) return options.onError(error);
    const willRetry = !(error instanceof UnrecoverableError) && job.attemptsMade < (job.opts.attempts ?? 1);
    const cause = error instanceof UnrecoverableError && error.cause instanceof Error ? error.cause : error;
    options.onError(cause, {
      queue: name,
      jobName: job.name,
      jobId: job.id ?? '',
      attempt: job.attemptsMade,
      willRetry,
    });
  });
  try {
    await worker.waitUntilReady();
  } catch (error) {
    await worker.close(true).catch(() => {});
    throw new QueueUnavailableError(name, error);
  }
  worker.run().catch((error: unknown) => options.onError(error instanceof Error ? error : new Error(String(error))));
  return { close: () => worker.close() };
}

async function processJob<Name extends QueueName>(
  name: Name,
  processors: JobProcessors<Name>,
  job: Job,
): Promise<void> {
  const payload = findJobDefinition(name, job.name)?.schema.safeParse(job.data);
  if (!payload?.success) {
    throw refuse(
      new JobRefusedError(`The job ${job.name} on ${name} is not what its schema says.`, { cause: payload?.error }),
    );
  }
  const processor = processors[job.name as JobName<Name>] as (payload: unknown, job: RunningJob) => Promise<void>;
  const attempt = job.attemptsMade + 1;
  try {
    await processor(payload.data, { id: job.id ?? '', attempt, isLastAttempt: attempt >= (job.opts.attempts ?? 1) });
  } catch (error) {
    throw error instanceof JobRefusedError ? refuse(error) : error;
  }
}

function refuse(error: JobRefusedError): UnrecoverableError {
  return Object.assign(new UnrecoverableError(error.message), { cause: error });
}
