import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { dunningPolicyOf } from '#config';
import { type PaymentProvider, PaymentProviderError } from '#domain';
import {
  accessRestoredMail,
  accessSuspendedMail,
  paymentFailedMail,
  subscriptionsCanceledMail,
  suspensionWarningMail,
  transferDueMail,
} from '#mail';
import type { Logger } from '#observability';
import { type DunningInput, type DunningNotice, type ServiceContext, runDunning } from '#services';
import { describe } from '../runtime/queue-workers.service.js';
import { MetricsService } from '../runtime/metrics.service.js';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT, LOGGER, PAYMENT_PROVIDER, SETTINGS, type WorkerSettings } from '../runtime/tokens.js';

const INTERVAL_MS = 1_000;
/** So long nothing is tried when the provider did not answer. */
const REST_MS = 15_000;

/** Follows unpaid invoices by the Clock: retries, mails, suspends, restores. */
@Injectable()
export class DunningService implements OnApplicationBootstrap {
  private restsUntilMs = -Infinity;

  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(MetricsService) private readonly metrics: MetricsService,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(RoundsService) private readonly rounds: RoundsService,
  ) {}

  onApplicationBootstrap(): void {
    const input = dunningInput(this.settings);
    this.rounds.begin(() => this.round(input), INTERVAL_MS, 'dunning failed');
  }

  private async round(input: DunningInput): Promise<boolean> {
    if (performance.now() < this.restsUntilMs) return false;
    const { done, failures, failing } = await runDunning(this.context, this.provider, input);
    for (const { invoiceId, action } of done) {
      this.metrics.dunningSteps.inc({ action });
      this.logger.info({ invoiceId, action }, 'dunning');
    }
    this.metrics.dunningFailing.set(failing);
    for (const { kind, invoiceId, organizationId, error } of failures) {
      this.metrics.dunningFailures.inc({ kind });
      this.logger.warn({ kind, invoiceId, organizationId, error: describe(error) }, 'dunning waits');
    }
    // What has failed by itself waits by itself; a provider that is away is not pressed.
    const isAway = failures.some(({ error }) => error instanceof PaymentProviderError && error.retryable);
    if (isAway) this.restsUntilMs = performance.now() + REST_MS;
    return !isAway && done.length > 0;
  }
}

function dunningInput(settings: WorkerSettings): DunningInput {
  const url = new URL('/dashboard/billing', settings.PORTAL_URL).href;
  const to =
    <Mail>(write: (content: DunningNotice & { readonly url: string }) => Mail) =>
    (notice: DunningNotice) =>
      write({ ...notice, url });
  return {
    policy: dunningPolicyOf(settings),
    mails: {
      transferDue: to(transferDueMail),
      paymentFailed: to(paymentFailedMail),
      suspensionWarning: to(suspensionWarningMail),
      accessSuspended: to(accessSuspendedMail),
      accessRestored: to(accessRestoredMail),
      subscriptionsCanceled: to(subscriptionsCanceledMail),
    },
  };
}
