import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from '#observability';
import { type ServiceContext, archiveUsageDay, findUsageDayToArchive } from '#services';
import { MetricsService } from '../runtime/metrics.service.js';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT, LOGGER, SETTINGS, type WorkerSettings } from '../runtime/tokens.js';

const INTERVAL_MS = 3_600_000;
const REASONS = ['held', 'differs', 'failed'] as const;

/** Moves days of the ledger to the archive, the oldest first; a day that must stay holds up the later ones. */
@Injectable()
export class UsageArchiverService implements OnApplicationBootstrap {
  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(RoundsService) private readonly rounds: RoundsService,
    @Inject(MetricsService) private readonly metrics: MetricsService,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.context.archive) return;
    this.rounds.begin(
      async () => {
        try {
          return await this.round();
        } catch (error) {
          this.markBlocked('failed');
          throw error;
        }
      },
      INTERVAL_MS,
      'archiving usage failed',
    );
  }

  /** True when there may be another day to archive. */
  private async round(): Promise<boolean> {
    const day = await findUsageDayToArchive(this.context, { retentionDays: this.settings.USAGE_RETENTION_DAYS });
    if (day === null) {
      this.markBlocked(null);
      return false;
    }
    const outcome = await archiveUsageDay(this.context, day);
    if (outcome.status === 'archived') {
      this.metrics.archivedDays.inc();
      this.logger.info(outcome, 'a day of usage is in the archive');
    } else if (outcome.status === 'differs') {
      this.logger.error(outcome, 'a day of usage is not archived: the ledger does not agree');
    } else {
      this.logger.warn(outcome, 'a day of usage is not archived yet');
    }
    this.markBlocked(outcome.status === 'held' || outcome.status === 'differs' ? outcome.status : null);
    return outcome.status === 'archived';
  }

  private markBlocked(reason: (typeof REASONS)[number] | null): void {
    for (const one of REASONS) this.metrics.archiveBlocked.set({ reason: one }, one === reason ? 1 : 0);
  }
}
