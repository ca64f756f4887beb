import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { creditsLowMail, topUpStoppedMail } from '#mail';
import type { Logger } from '#observability';
import { type CreditMails, type ServiceContext, watchCredits } from '#services';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT, LOGGER, SETTINGS, type WorkerSettings } from '../runtime/tokens.js';

const INTERVAL_MS = 10_000;

/** Looks at prepaid credits: tells when they run low, and buys more where a rule says so. */
@Injectable()
export class CreditWatchService implements OnApplicationBootstrap {
  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(RoundsService) private readonly rounds: RoundsService,
  ) {}

  onApplicationBootstrap(): void {
    const url = new URL('/dashboard/billing', this.settings.PORTAL_URL).href;
    const mails: CreditMails = {
      runningLow: (alert) => creditsLowMail({ ...alert, url }),
      topUpStopped: (stop) => topUpStoppedMail({ ...stop, url }),
    };
    this.rounds.begin(
      async () => {
        const done = await watchCredits(this.context, mails);
        if (done.alerts + done.bought + done.stopped > 0) this.logger.info(done, 'credits watched');
      },
      INTERVAL_MS,
      'watching credits failed',
    );
  }
}
