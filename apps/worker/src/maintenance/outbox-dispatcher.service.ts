import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from '#observability';
import {
  type OutboxMessage,
  type Transaction,
  lockUndoneOutbox,
  lockWaitingOutbox,
  markDispatched,
  readOutbox,
} from '#persistence';
import { type JobQueue, type QueueName, createQueue, findJobDefinition, isQueueName, queueNames } from '#queues';
import type { ServiceContext } from '#services';
import { MetricsService } from '../runtime/metrics.service.js';
import { describe } from '../runtime/queue-workers.service.js';
import { type Repetition, repeat } from '../runtime/repeat.js';
import { CONTEXT, LOGGER, SETTINGS, type WorkerSettings, queueUrlOf } from '../runtime/tokens.js';

const INTERVAL_MS = 250;
const BATCH = 100;
/** A batch a second at most, as most of it is only slow and not lost. */
const UNDONE_INTERVAL_MS = 1_000;
const MEASURE_INTERVAL_MS = 5_000;
/** A job that is not done after this long is queued again, in case the queue has lost it. */
const UNDONE_AFTER_MS = 60_000;

/**
 * Hands what committed transactions left in the outbox to the queues. A message stays there until its job is done, so
 * whatever a crash or a queue loses on the way is handed over again.
 */
@Injectable()
export class OutboxDispatcherService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly queues = new Map<QueueName, JobQueue>();
  private repetitions: Repetition[] = [];

  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(MetricsService) private readonly metrics: MetricsService,
  ) {}

  onApplicationBootstrap(): void {
    const onError = (error: unknown) => this.logger.warn({ error: describe(error) }, 'dispatching the outbox failed');
    this.repetitions = [
      repeat(() => this.dispatch((transaction) => lockWaitingOutbox(transaction, BATCH)), INTERVAL_MS, onError),
      repeat(() => this.dispatchUndone(), UNDONE_INTERVAL_MS, onError),
      repeat(() => this.measure(), MEASURE_INTERVAL_MS, onError),
    ];
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.repetitions.map((repetition) => repetition.stop()));
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  private async measure(): Promise<void> {
    const { unitOfWork, clock } = this.context;
    const { waitingMessages, oldestJobSeconds } = this.metrics;
    const queues = await unitOfWork.inSystem(readOutbox);
    waitingMessages.set(queues.reduce((sum, { waiting }) => sum + waiting, 0));
    oldestJobSeconds.reset();
    for (const queue of queueNames) oldestJobSeconds.set({ queue }, 0);
    for (const { queue, oldestAt } of queues)
      oldestJobSeconds.set({ queue }, Math.max(0, clock.nowMs() - oldestAt.getTime()) / 1_000);
  }

  private async dispatchUndone(): Promise<void> {
    const before = new Date(this.context.clock.nowMs() - UNDONE_AFTER_MS);
    await this.dispatch((transaction) => lockUndoneOutbox(transaction, before, BATCH));
  }

  /** True when there may be more. */
  private async dispatch(lock: (transaction: Transaction) => Promise<OutboxMessage[]>): Promise<boolean> {
    const messages = await this.context.unitOfWork.inSystem(async (transaction) => {
      const locked = await lock(transaction);
      if (locked.length > 0) await markDispatched(transaction, idsOf(locked), this.context.clock.now());
      return locked;
    });
    if (messages.length === 0) return false;
    const results = await Promise.allSettled(messages.map((message) => this.hand(message)));
    const failed = messages.filter((_, index) => results[index]!.status === 'rejected');
    if (failed.length > 0) {
      await this.context.unitOfWork.inSystem((transaction) => markDispatched(transaction, idsOf(failed), null));
      throw results.find((result) => result.status === 'rejected')!.reason;
    }
    return messages.length === BATCH;
  }

  private async hand({ id, queue, jobName, jobId, payload }: OutboxMessage): Promise<void> {
    if (!isQueueName(queue) || !findJobDefinition(queue, jobName)?.schema.safeParse(payload).success) {
      // It must not keep the messages behind it from being sent; it stays in the outbox to be looked at.
      this.logger.error({ id, queue, jobName, jobId }, 'an outbox message is none that a queue takes');
      return;
    }
    const target = this.queues.get(queue) ?? createQueue(queue, queueUrlOf(this.settings));
    this.queues.set(queue, target);
    await target.add(jobName as never, payload as never, jobId);
  }
}

function idsOf(messages: readonly OutboxMessage[]): string[] {
  return messages.map(({ id }) => id);
}
