import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { formatMinor } from '#domain';
import type { Logger } from '#observability';
import { type ServiceContext, readDisputeStandings } from '#services';
import { MetricsService } from '../runtime/metrics.service.js';
import { describe } from '../runtime/queue-workers.service.js';
import { type Repetition, repeat } from '../runtime/repeat.js';
import { CONTEXT, LOGGER } from '../runtime/tokens.js';

const INTERVAL_MS = 10_000;

/** Shows the disputes that are not over, for alarms. */
@Injectable()
export class DisputeMetricsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private repetition: Repetition | undefined;

  constructor(
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(MetricsService) private readonly metrics: MetricsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.repetition = repeat(
      () => this.measure(),
      INTERVAL_MS,
      (error) => this.logger.warn({ error: describe(error) }, 'counting disputes failed'),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.repetition?.stop();
  }

  private async measure(): Promise<void> {
    const standings = await readDisputeStandings(this.context);
    const { openDisputes, disputedAmount, evidenceDue } = this.metrics;
    // What is over has no row any more.
    openDisputes.reset();
    disputedAmount.reset();
    for (const { currency, waitsFor, count, amountMinor } of standings) {
      const labels = { currency, waits_for: waitsFor };
      openDisputes.set(labels, count);
      disputedAmount.set(labels, Number(formatMinor(amountMinor, currency)));
    }
    const due = standings.flatMap(({ evidenceDueAt }) => evidenceDueAt?.getTime() ?? []);
    evidenceDue.set(due.length === 0 ? 0 : Math.min(...due) / 1_000);
  }
}
