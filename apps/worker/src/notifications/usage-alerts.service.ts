import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { usageAlertMail } from '#mail';
import type { Logger } from '#observability';
import {
  type ServiceContext,
  type UsageAlert,
  type UsedPeriod,
  periodsInUse,
  periodsReportedAfter,
  raiseUsageAlerts,
} from '#services';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT, LOGGER, SETTINGS, type WorkerSettings } from '../runtime/tokens.js';

const INTERVAL_MS = 1_000;
/** A period whose usage grows all the time is looked at so often. */
const LOOK_EVERY_MS = 10_000;

/**
 * Tells of quotas and money caps that are used to a part. Looks at the periods whose usage has come into the ledger, by this
 * worker or by a report to the api, and after a start at all that are under way, so that nothing is missed that a worker
 * before could not tell.
 */
@Injectable()
export class UsageAlertsService implements OnApplicationBootstrap {
  private readonly waiting = new Map<string, UsedPeriod>();
  private readonly lookedAt = new Map<string, number>();
  private hasLookedAtAll = false;
  /** The last segment of reports that was looked at; null before the first look. */
  private reportSegment: number | null = null;

  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(RoundsService) private readonly rounds: RoundsService,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.begin(() => this.round(), INTERVAL_MS, 'usage alerts failed');
  }

  /** Usage of these periods has grown. */
  onUsage(periods: readonly UsedPeriod[]): void {
    for (const period of periods) {
      this.waiting.set(`${period.subscriptionId}/${period.periodStart.getTime()}`, period);
    }
  }

  private async round(): Promise<void> {
    const reported = await periodsReportedAfter(this.context, this.reportSegment);
    this.onUsage(reported.periods);
    this.reportSegment = reported.lastSegment;
    if (!this.hasLookedAtAll) {
      this.onUsage(await periodsInUse(this.context));
      this.hasLookedAtAll = true;
    }
    const since = performance.now() - LOOK_EVERY_MS;
    for (const [key, lookedAt] of this.lookedAt) if (lookedAt <= since) this.lookedAt.delete(key);
    for (const [key, period] of this.waiting) {
      if (this.lookedAt.has(key)) continue;
      this.waiting.delete(key);
      this.lookedAt.set(key, performance.now());
      try {
        const raised = await raiseUsageAlerts(this.context, period, (alert) => this.mail(alert));
        if (raised > 0) this.logger.info({ ...period, raised }, 'usage alerts raised');
      } catch (error) {
        this.waiting.set(key, period);
        this.lookedAt.delete(key);
        throw error;
      }
    }
  }

  private mail(alert: UsageAlert) {
    return usageAlertMail({ ...alert, url: new URL('/dashboard/billing', this.settings.PORTAL_URL).href });
  }
}
