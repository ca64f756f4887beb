import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Logger } from '#observability';
import { describe } from './queue-workers.service.js';
import { type Repetition, repeat } from './repeat.js';
import { LOGGER } from './tokens.js';

/** What the worker does again and again: begun by whose it is, and ended here, before anything that it needs. */
@Injectable()
export class RoundsService implements BeforeApplicationShutdown {
  private readonly repetitions: Repetition[] = [];

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /** Does `work` until the worker ends, as `repeat` does; a round that fails is logged as `failure`. */
  begin(
    work: () => Promise<boolean | void>,
    intervalMs: number,
    failure: string,
    level: 'error' | 'warn' = 'error',
  ): void {
    this.repetitions.push(repeat(work, intervalMs, (error) => this.logger[level]({ error: describe(error) }, failure)));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.repetitions.map((repetition) => repetition.stop()));
  }
}
