import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { formatMinor } from '#domain';
import { type ServiceContext, readDisputeStandings } from '#services';
import { MetricsService } from '../runtime/metrics.service.js';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT } from '../runtime/tokens.js';

const INTERVAL_MS = 10_000;

/** Shows the disputes that are not over, for alarms. */
@Injectable()
export class DisputeMetricsService implements OnApplicationBootstrap {
  constructor(
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(MetricsService) private readonly metrics: MetricsService,
    @Inject(RoundsService) private readonly rounds: RoundsService,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.begin(() => this.measure(), INTERVAL_MS, 'counting disputes failed', 'warn');
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
