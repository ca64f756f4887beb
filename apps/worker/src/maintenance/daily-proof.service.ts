import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { PaymentProvider } from '#domain';
import { ledgerDifferenceMail } from '#mail';
import type { Logger } from '#observability';
import { type LedgerProof, type ServiceContext, listedDifferences, proveEndedDay, proveSampleDay } from '#services';
import { MetricsService } from '../runtime/metrics.service.js';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT, LOGGER, PAYMENT_PROVIDER, SETTINGS, type WorkerSettings } from '../runtime/tokens.js';

const INTERVAL_MS = 60_000;

/** Proves each day of the ledger when it has ended, and an earlier one again. */
@Injectable()
export class DailyProofService implements OnApplicationBootstrap {
  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(RoundsService) private readonly rounds: RoundsService,
    @Inject(MetricsService) private readonly metrics: MetricsService,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.begin(() => this.round(), INTERVAL_MS, 'proving the ledger failed');
  }

  private async round(): Promise<void> {
    const writeMail = (proof: LedgerProof) => this.mail(proof);
    const ended = await proveEndedDay(this.context, writeMail, this.provider);
    if (ended === null) return;
    this.report(ended);
    const sample = await proveSampleDay(this.context, ended.day, writeMail);
    if (sample !== null) this.report(sample);
  }

  private report(proof: LedgerProof): void {
    this.metrics.provenDays.inc({ result: proof.ok ? 'agrees' : 'differs' });
    this.metrics.lastProofSeconds.set(proof.startedAt.getTime() / 1000);
    const { day, kind } = proof;
    if (proof.ok) this.logger.info({ day, kind }, 'the ledger of the day agrees');
    else this.logger.error({ day, kind, differences: differencesOf(proof) }, 'the ledger of the day does not agree');
  }

  private mail(proof: LedgerProof) {
    const url = new URL('/finance', this.settings.PORTAL_URL).href;
    return ledgerDifferenceMail({ day: proof.day, differences: differencesOf(proof), url });
  }
}

function differencesOf({ checks }: LedgerProof) {
  return (checks ?? []).flatMap(listedDifferences);
}
