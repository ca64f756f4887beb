import { type JobName, type JobPayload, type QueueName, findJobDefinition } from './job-definitions.js';
import { PAUSED_JOBS } from './backend.js';
import { connectQueue } from './queue-connection.js';

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
  const connection = connectQueue(name, queueUrl, options.onError ?? (() => {}));
  return {
    name,
    async add(jobName, payload, jobId) {
      const definition = findJobDefinition(name, jobName);
      if (!definition) throw new TypeError(`The queue ${name} has no job ${jobName}.`);
      const data = definition.schema.parse(payload);
      await connection.use((queue) =>
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
      connection.use(async (queue) => {
        const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'prioritized', PAUSED_JOBS);
        return Object.values(counts).reduce((sum, count) => sum + count, 0);
      }),
    close: () => connection.close(),
  };
}
