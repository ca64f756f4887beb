import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { QUARANTINE_REASONS, type ServiceContext, quarantineGroups } from '#services';
import { MetricsService } from '../runtime/metrics.service.js';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT } from '../runtime/tokens.js';

const INTERVAL_MS = 30_000;

/** Shows the usage events that are kept aside and that nobody has decided about, for alarms. */
@Injectable()
export class KeptUsageMetricsService implements OnApplicationBootstrap {
  constructor(
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(MetricsService) private readonly metrics: MetricsService,
    @Inject(RoundsService) private readonly rounds: RoundsService,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.begin(() => this.measure(), INTERVAL_MS, 'counting events that are kept aside failed', 'warn');
  }

  private async measure(): Promise<void> {
    const groups = await quarantineGroups(this.context);
    for (const reason of QUARANTINE_REASONS) {
      const counts = groups.filter((group) => group.reason === reason).map(({ count }) => count);
      this.metrics.keptAside.set(
        { reason },
        counts.reduce((sum, count) => sum + count, 0),
      );
    }
  }
}
