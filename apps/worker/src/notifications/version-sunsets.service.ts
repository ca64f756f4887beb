import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { apiVersionDeprecatedMail, apiVersionRetirementMail } from '#mail';
import type { Logger } from '#observability';
import { type ServiceContext, retireOnSunset } from '#services';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT, LOGGER, SETTINGS, type WorkerSettings } from '../runtime/tokens.js';

const INTERVAL_MS = 60_000;

/** Switches versions of APIs off on the day that their publishers have set for that, and tells of it before. */
@Injectable()
export class VersionSunsetsService implements OnApplicationBootstrap {
  constructor(
    @Inject(SETTINGS) private readonly settings: WorkerSettings,
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(RoundsService) private readonly rounds: RoundsService,
  ) {}

  onApplicationBootstrap(): void {
    const pageOf = (path: string) => new URL(path, this.settings.PORTAL_URL).href;
    const named = encodeURIComponent;
    this.rounds.begin(
      async () => {
        const retired = await retireOnSunset(this.context, {
          toCallers: ({ api, version, ...notice }) =>
            apiVersionDeprecatedMail({
              ...notice,
              version,
              api: api.title,
              isReminder: true,
              url: pageOf(`/docs/${api.slug}/changes?from=${named(version)}&to=latest`),
            }),
          toTeam: ({ api, version, ...notice }) =>
            apiVersionRetirementMail({
              ...notice,
              version,
              api: api.title,
              url: pageOf(`/publisher/apis/${api.slug}/versions/${named(version)}`),
            }),
        });
        if (retired > 0) this.logger.info({ retired }, 'versions of APIs were switched off on their day');
      },
      INTERVAL_MS,
      'switching versions of APIs off on their day failed',
      'warn',
    );
  }
}
