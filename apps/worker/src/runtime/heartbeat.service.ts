import os from 'node:os';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { processReport } from '#config';
import {
  type ProcessSelf,
  type ServiceContext,
  forgetProcess,
  forgetWorker,
  reportProcess,
  reportWorker,
} from '#services';
import { type Repetition, repeat } from './repeat.js';
import type { Logger } from '#observability';
import { describe } from './queue-workers.service.js';
import { CONTEXT, LOGGER, SETTINGS, type WorkerSettings } from './tokens.js';

const INTERVAL_MS = 5_000;

/** Says every five seconds that this worker runs, and at first with which settings, for operators. */
@Injectable()
export class HeartbeatService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private repetition: Repetition | null = null;
  private readonly id = `${os.hostname()}-${process.pid}`;
  private self: ProcessSelf | null = null;

  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const startedAt = this.context.clock.now();
    const self = { kind: 'worker', name: this.id, startedAt, ...processReport('worker', this.settings) } as const;
    this.self = self;
    let isFirst = true;
    this.repetition = repeat(
      async () => {
        await reportWorker(this.context, { id: this.id, softwareVersion: self.softwareVersion, startedAt });
        await reportProcess(this.context, self, { isFirst });
        isFirst = false;
      },
      INTERVAL_MS,
      (error) => this.logger.warn({ error: describe(error) }, 'the heartbeat could not be written'),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.repetition?.stop();
    // One that stops because the database is away is forgotten by others later.
    await forgetWorker(this.context, this.id).catch(() => undefined);
    if (this.self) await forgetProcess(this.context, this.self).catch(() => undefined);
  }
}
