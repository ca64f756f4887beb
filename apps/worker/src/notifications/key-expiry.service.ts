import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { keyExpiringMail } from '#mail';
import { type ServiceContext, tellExpiringKey } from '#services';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT, SETTINGS, type WorkerSettings } from '../runtime/tokens.js';

const INTERVAL_MS = 60_000;

/** Tells of keys that end soon. */
@Injectable()
export class KeyExpiryService implements OnApplicationBootstrap {
  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(RoundsService) private readonly rounds: RoundsService,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.begin(() => this.tellNext(), INTERVAL_MS, 'telling of keys that end soon failed');
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
