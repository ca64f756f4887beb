import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { keyExpiringMail } from '#mail';
import type { Logger } from '#observability';
import { type ServiceContext, tellExpiringKey } from '#services';
import { describe } from '../runtime/queue-workers.service.js';
import { type Repetition, repeat } from '../runtime/repeat.js';
import { CONTEXT, LOGGER, SETTINGS, type WorkerSettings } from '../runtime/tokens.js';

const INTERVAL_MS = 60_000;

/** Tells of keys that end soon. */
@Injectable()
export class KeyExpiryService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private repetition: Repetition | undefined;

  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.repetition = repeat(
      () => this.tellNext(),
      INTERVAL_MS,
      (error) => this.logger.error({ error: describe(error) }, 'telling of keys that end soon failed'),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.repetition?.stop();
  }

  /** True when there may be another key. */
  private tellNext(): Promise<boolean> {
    return tellExpiringKey(this.context, ({ applicationId, ...notice }) =>
      keyExpiringMail({
        ...notice,
        url: new URL(`/dashboard/applications/${applicationId}`, this.settings.PORTAL_URL).href,
      }),
    );
  }
}
