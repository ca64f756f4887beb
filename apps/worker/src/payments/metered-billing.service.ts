import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { PaymentProvider } from '#domain';
import type { Logger } from '#observability';
import { type ServiceContext, keepMeteredSubscriptions } from '#services';
import { MetricsService } from '../runtime/metrics.service.js';
import { describe } from '../runtime/queue-workers.service.js';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT, LOGGER, PAYMENT_PROVIDER } from '../runtime/tokens.js';

const INTERVAL_MS = 2_000;
/** So long after something could not be done nothing is tried, so that a provider that is away or busy is not pressed. */
const REST_MS = 15_000;

/** Has the payment provider know of subscriptions whose usage it rates, and of that usage. */
@Injectable()
export class MeteredBillingService implements OnApplicationBootstrap {
  private restsUntilMs = -Infinity;

  constructor(
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(MetricsService) private readonly metrics: MetricsService,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(RoundsService) private readonly rounds: RoundsService,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.begin(() => this.round(), INTERVAL_MS, 'telling the provider of metered usage failed');
  }

  private async round(): Promise<void> {
    if (performance.now() < this.restsUntilMs) return;
    const { changed, reported, refused, failures } = await keepMeteredSubscriptions(this.context, this.provider);
    this.metrics.meteredReports.inc({ result: 'counted' }, reported);
    this.metrics.meteredReports.inc({ result: 'refused' }, refused);
    if (changed + reported > 0) this.logger.info({ changed, reported }, 'metered subscriptions kept');
    if (refused > 0) this.logger.error({ refused }, 'the provider refused usage: its invoices will be held');
    for (const { phaseId, error } of failures)
      this.logger.warn({ phaseId, error: describe(error) }, 'a metered subscription waits');
    if (failures.length > 0) this.restsUntilMs = performance.now() + REST_MS;
  }
}
