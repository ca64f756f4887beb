import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type ServiceContext, prepareUsagePartitions } from '#services';
import { RoundsService } from '../runtime/rounds.service.js';
import { CONTEXT } from '../runtime/tokens.js';

const INTERVAL_MS = 3_600_000;

/** Makes the ledger's partitions ahead of time, so that no segment has to wait for one. */
@Injectable()
export class PartitionMakerService implements OnApplicationBootstrap {
  constructor(
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(RoundsService) private readonly rounds: RoundsService,
  ) {}

  onApplicationBootstrap(): void {
    this.rounds.begin(() => prepareUsagePartitions(this.context), INTERVAL_MS, 'making partitions failed');
  }
}
