import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from '#observability';
import { type ServiceContext, askTaxIdRegister } from '#services';
import { MetricsService } from '../runtime/metrics.service.js';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT, LOGGER, SETTINGS, type WorkerSettings } from '../runtime/tokens.js';
import { ViesRegister } from './vies-register.js';

const INTERVAL_MS = 30_000;

/** Asks whether tax offices have given the VAT numbers that organizations name, where a register is set. */
@Injectable()
export class TaxIdChecksService implements OnApplicationBootstrap {
  constructor(
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(MetricsService) private readonly metrics: MetricsService,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(RoundsService) private readonly rounds: RoundsService,
  ) {}

  onApplicationBootstrap(): void {
    const { VAT_REGISTER_URL } = this.settings;
    if (VAT_REGISTER_URL === undefined) return;
    const register = new ViesRegister(VAT_REGISTER_URL);
    this.rounds.begin(() => this.round(register), INTERVAL_MS, 'asking about VAT numbers failed', 'warn');
  }

  private async round(register: ViesRegister): Promise<void> {
    const { registered, unknown, postponed, reason } = await askTaxIdRegister(this.context, register);
    for (const [result, count] of Object.entries({ registered, unknown, postponed }))
      this.metrics.askedTaxIds.inc({ result }, count);
    if (unknown > 0) this.logger.warn({ unknown }, 'VAT numbers that no tax office has given');
    if (postponed > 0) this.logger.info({ postponed, reason }, 'VAT numbers wait for the register');
  }
}
