import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type ServiceContext, keepTraffic } from '#services';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT } from '../runtime/tokens.js';

const INTERVAL_MS = 300_000;

/** Keeps traffic small: longer spans of what was minutes, and nothing of more than a month ago. */
@Injectable()
export class TrafficKeeperService implements OnApplicationBootstrap {
  constructor(
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(RoundsService) private readonly rounds: RoundsService,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.begin(() => keepTraffic(this.context), INTERVAL_MS, 'keeping traffic failed', 'warn');
  }
}
