import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from '#observability';
import { type ServiceContext, prepareUsagePartitions } from '#services';
import { describe } from '../runtime/queue-workers.service.js';
import { type Repetition, repeat } from '../runtime/repeat.js';
import { CONTEXT, LOGGER } from '../runtime/tokens.js';

const INTERVAL_MS = 3_600_000;

/** Makes the ledger's partitions ahead of time, so that no segment has to wait for one. */
@Injectable()
export class PartitionMakerService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private repetition: Repetition | undefined;

  constructor(
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.repetition = repeat(
      () => prepareUsagePartitions(this.context),
      INTERVAL_MS,
      (error) => this.logger.error({ error: describe(error) }, 'making partitions failed'),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.repetition?.stop();
  }
}
