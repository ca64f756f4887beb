import type { Queue } from 'bullmq';
import { openQueue } from './backend.js';
import type { QueueName } from './job-definitions.js';
import { QueueUnavailableError } from './queue-error.js';

const ANSWER_TIMEOUT_MS = 8_000;
const CLOSE_TIMEOUT_MS = 2_000;

/** BullMQ's queue behind a name; it connects at the first use, and again whenever that is needed. */
export interface QueueConnection {
  /**
   * Does something with the queue once it is ready.
   * @throws QueueUnavailableError within 8 s; it may have been done or not.
   */
  use<Result>(work: (queue: Queue) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** A connection to the queue on the server that `queueUrl` names; `onError` is told about lost ones. */
export function connectQueue(name: QueueName, queueUrl: string, onError: (error: Error) => void): QueueConnection {
  let current: Queue | undefined;
  return {
    async use(work) {
      const queue = (current ??= openQueue(name, queueUrl).on('error', onError));
      let isReady = false;
      try {
        return await within(ANSWER_TIMEOUT_MS, async () => {
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
    },
    async close() {
      const queue = current;
      current = undefined;
      if (queue) await closeQueue(queue);
    },
  };
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
