import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Logger } from '#observability';
import { removeFromOutbox } from '#persistence';
import {
  type JobFailure,
  type JobProcessors,
  JobRefusedError,
  type JobWorker,
  type QueueName,
  type RunningJob,
  createWorker,
} from '#queues';
import type { ServiceContext } from '#services';
import { MetricsService } from './metrics.service.js';
import { CONTEXT, LOGGER, SETTINGS, type WorkerSettings, queueUrlOf } from './tokens.js';

/** The queues that this process works, and the end of them at shutdown. */
@Injectable()
export class QueueWorkersService implements BeforeApplicationShutdown {
  private readonly workers: JobWorker[] = [];
  /** Lost connections come in floods; each message is logged once in a while. */
  private readonly lastLogged = new Map<string, number>();

  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(MetricsService) private readonly metrics: MetricsService,
  ) {}

  /** Works the queue until shutdown. */
  async start<Name extends QueueName>(name: Name, concurrency: number, processors: JobProcessors<Name>): Promise<void> {
    // There from the start, so that an alert sees the first.
    this.metrics.failedTries.inc({ queue: name, will_retry: 'false' }, 0);
    const onError = (error: Error, failure?: JobFailure) => this.report(name, error, failure);
    this.workers.push(await createWorker(name, queueUrlOf(this.settings), processors, { concurrency, onError }));
  }

  /**
   * Does the work of a job that came through the outbox, and forgets its message once the job is done or given up. Until
   * then the message stays, so that a queue that lost the job gets it again.
   */
  async settle(queue: QueueName, job: RunningJob, work: () => Promise<unknown>): Promise<void> {
    const forget = () =>
      this.context.unitOfWork.inSystem((transaction) => removeFromOutbox(transaction, queue, job.id));
    try {
      await work();
    } catch (error) {
      if (error instanceof JobRefusedError || job.isLastAttempt) await forget();
      throw error;
    }
    await forget();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.close()));
  }

  private report(queue: QueueName, error: Error, failure?: JobFailure): void {
    if (failure) {
      this.metrics.failedTries.inc({ queue, will_retry: String(failure.willRetry) });
      const level = failure.willRetry ? 'warn' : 'error';
      this.logger[level]({ ...failure, error: describe(error) }, failure.willRetry ? 'job failed' : 'job given up');
      return;
    }
    const message = `${queue}: ${error.message}`;
    const nowMs = performance.now();
    if (nowMs - (this.lastLogged.get(message) ?? -Infinity) < 10_000) return;
    if (this.lastLogged.size > 100) this.lastLogged.clear();
    this.lastLogged.set(message, nowMs);
    this.logger.warn({ queue, error: describe(error) }, 'queue connection');
  }
}

/** An error and what caused it, without the objects that third parties hang on errors. */
export function describe(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    name: error.name,
    message: error.message,
    ...('code' in error ? { code: error.code } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describe(error.cause) }),
  };
}
