import type { Queue } from 'bullmq';
import { openQueue } from './backend.js';
import { type JobName, type JobPayload, type QueueName, findJobDefinition } from './job-definitions.js';
import { QueueUnavailableError } from './queue-error.js';

const ADD_TIMEOUT_MS = 8_000;
const CLOSE_TIMEOUT_MS = 2_000;

export interface QueueOptions {
  /** Told about lost connections; what a caller waits for rejects anyway. */
  readonly onError?: (error: Error) => void;
}

/** Where jobs are put. */
export interface JobQueue<Name extends QueueName = QueueName> {
  readonly name: Name;
  /**
   * Resolves once the queue's server has the job. A job that is there under the same id already is left as it is, so
   * adding again is harmless. The id is derived from the payload unless one is given.
   * @throws QueueUnavailableError within 8 s; the job may have been added or not.
   * @throws ZodError when the payload does not fit the job's schema.
   */
  add<Job extends JobName<Name>>(jobName: Job, payload: JobPayload<Name, Job>, jobId?: string): Promise<void>;
  /** Jobs that wait, are delayed or are being worked on. */
  countPending(): Promise<number>;
  close(): Promise<void>;
}

/** A queue on the server that `queueUrl` names; it connects at the first use, and again whenever that is needed. */
export function createQueue<Name extends QueueName>(
  name: Name,
  queueUrl: string,
  options: QueueOptions = {},
): JobQueue<Name> {
  const onError = options.onError ?? (() => {});
  let current: Queue | undefined;

  async function withQueue<Result>(work: (queue: Queue) => Promise<Result>): Promise<Result> {
    const queue = (current ??= listenTo(openQueue(name, queueUrl), onError));
    let isReady = false;
    try {
      return await within(ADD_TIMEOUT_MS, async () => {
        await queue.waitUntilReady();
        isReady = true;
        return work(queue);
      });
    } catch (error) {
      // BullMQ remembers for ever that the first connection failed: begin anew next time.
      if (!isReady && current === queue) {
        current = undefined;
        void closeQueue(queue);
      }
      throw new QueueUnavailableError(name, error);
    }
  }

  return {
    name,
    async add(jobName, payload, jobId) {
      const definition = findJobDefinition(name, jobName);
      if (!definition) throw new TypeError(`The queue ${name} has no job ${jobName}.`);
      const data = definition.schema.parse(payload);
      await withQueue((queue) =>
        queue.add(jobName, data, {
          jobId: jobId ?? definition.jobId(data),
          attempts: definition.attempts,
          backoff: { type: 'capped' },
          removeOnComplete: true,
          removeOnFail: true,
        }),
      );
    },
    countPending: () =>
      withQueue(async (queue) => {
        const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'prioritized');
        return Object.values(counts).reduce((sum, count) => sum + count, 0);
      }),
    async close() {
      const queue = current;
      current = undefined;
      if (queue) await closeQueue(queue);
    },
  };
}

function listenTo(queue: Queue, onError: (error: Error) => void): Queue {
  queue.on('error', onError);
  return queue;
}

async function closeQueue(queue: Queue): Promise<void> {
  try {
    await within(CLOSE_TIMEOUT_MS, () => queue.close());
  } catch {
    await queue.disconnect().catch(() => {});
  }
}

async function within<Result>(timeoutMs: number, work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
