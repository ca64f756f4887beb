import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { PaymentProvider } from '#domain';
import { priceRiseMail } from '#mail';
import type { Logger } from '#observability';
import { type ServiceContext, tellPriceRises } from '#services';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT, LOGGER, PAYMENT_PROVIDER, SETTINGS, type WorkerSettings } from '../runtime/tokens.js';

const INTERVAL_MS = 60_000;

/** Tells of trials and coupons that end soon. */
@Injectable()
export class PriceRisesService implements OnApplicationBootstrap {
  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(RoundsService) private readonly rounds: RoundsService,
  ) {}

  onApplicationBootstrap(): void {
    const pageOf = (path: string) => new URL(path, this.settings.PORTAL_URL).href;
    this.rounds.begin(
      async () => {
        const told = await tellPriceRises(this.context, this.provider, ({ subscriptionId, ...notice }) =>
          priceRiseMail({
            ...notice,
            billingUrl: pageOf('/dashboard/billing'),
            subscriptionUrl: pageOf(`/dashboard/subscriptions/${subscriptionId}`),
          }),
        );
        if (told > 0) this.logger.info({ told }, 'told of trials and coupons that end');
      },
      INTERVAL_MS,
      'telling of trials and coupons that end failed',
      'warn',
    );
  }
}
