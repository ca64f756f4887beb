import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from '#observability';
import { type ServiceContext, closeDuePeriods, expireCredits, issueDueInvoices } from '#services';
import { MetricsService } from '../runtime/metrics.service.js';
import { QueueWorkersService, describe } from '../runtime/queue-workers.service.js';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT, LOGGER, SETTINGS, type WorkerSettings } from '../runtime/tokens.js';

const INTERVAL_MS = 1_000;
/** Periods in one round; a round that closes as many is followed by the next at once. */
const ROUND_LIMIT = 200;

/** Closes the periods, issues the invoices and ends the credits that are due by the Clock: rows say so, never a delay of the queue. */
@Injectable()
export class BillingCycleService implements OnApplicationBootstrap {
  /** Why which period was held in the last round, so that only news is logged. */
  private heldReasons = new Map<string, string>();

  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(RoundsService) private readonly rounds: RoundsService,
    @Inject(MetricsService) private readonly metrics: MetricsService,
    @Inject(QueueWorkersService) private readonly workers: QueueWorkersService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.workers.start('billing', 1, {
      'close-due-periods': async (_, job) => this.workers.settle('billing', job, () => this.closeDue()),
    });
    this.rounds.begin(() => this.closeDue(), INTERVAL_MS, 'closing periods and issuing invoices failed');
  }

  private async closeDue(): Promise<boolean> {
    const { closed, held } = await closeDuePeriods(this.context, {
      graceMs: this.settings.ARRIVAL_GRACE_MS,
      limit: ROUND_LIMIT,
    });
    this.metrics.closedPeriods.inc(closed.length);
    this.metrics.heldPeriods.set(held.length);
    for (const { subscriptionId, periodStart, invoiceId, number, totalMinor, currency } of closed) {
      const invoice = { invoiceId, number, totalMinor: totalMinor.toString(), currency };
      this.logger.info({ subscriptionId, periodStart, ...invoice }, 'period closed');
    }
    const reasons = new Map<string, string>();
    for (const { subscriptionId, periodStart, reason, cause } of held) {
      const key = `${subscriptionId}/${periodStart.getTime()}`;
      reasons.set(key, reason);
      if (this.heldReasons.get(key) === reason) continue;
      this.logger.warn(
        { subscriptionId, periodStart, reason, ...(cause ? { error: describe(cause) } : {}) },
        'period held',
      );
    }
    this.heldReasons = reasons;
    const issued = await issueDueInvoices(this.context, ROUND_LIMIT);
    if (issued > 0) this.logger.info({ issued }, 'reviewed invoices issued');
    const expired = await expireCredits(this.context, ROUND_LIMIT);
    if (expired > 0) this.logger.info({ expired }, 'credits expired');
    return closed.length >= ROUND_LIMIT || issued >= ROUND_LIMIT || expired >= ROUND_LIMIT;
  }
}
