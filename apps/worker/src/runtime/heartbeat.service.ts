import os from 'node:os';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { softwareVersion } from '#config';
import { type ServiceContext, forgetWorker, reportWorker } from '#services';
import { type Repetition, repeat } from './repeat.js';
import type { Logger } from '#observability';
import { describe } from './queue-workers.service.js';
import { CONTEXT, LOGGER } from './tokens.js';

const INTERVAL_MS = 5_000;

/** Says every five seconds that this worker runs, for operators. */
@Injectable()
export class HeartbeatService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private repetition: Repetition | null = null;
  private readonly id = `${os.hostname()}-${process.pid}`;

  constructor(
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const worker = { id: this.id, softwareVersion: softwareVersion(), startedAt: this.context.clock.now() };
    this.repetition = repeat(
      () => reportWorker(this.context, worker),
      INTERVAL_MS,
      (error) => this.logger.warn({ error: describe(error) }, 'the heartbeat could not be written'),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.repetition?.stop();
    // One that stops because the database is away is forgotten in an hour.
    await forgetWorker(this.context, this.id).catch(() => undefined);
  }
}
