import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from '#observability';
import { JobRefusedError, SEGMENT_JOB_NAME, SEGMENT_QUEUE, type SegmentJob, SegmentJobError } from '#queues';
import { type ServiceContext, ingestSegments } from '#services';
import { UsageAlertsService } from '../notifications/usage-alerts.service.js';
import { MetricsService } from '../runtime/metrics.service.js';
import { QueueWorkersService } from '../runtime/queue-workers.service.js';
import { CONTEXT, LOGGER } from '../runtime/tokens.js';
import { SegmentGatherer } from './segment-gatherer.js';

/** Transactions at a time; each takes one database connection. */
const LANES = 4;
/** In one transaction, unless a single segment has more. */
const MAX_EVENTS = 20_000;
/** As many must wait for another transaction beside those that run: a few events cost as many rows of rollups as many do. */
const MIN_EVENTS_BESIDE = 5_000;
/** However few they are: somebody may hold a lock that those which run wait for. */
const MAX_WAIT_MS = 500;
/**
 * Segments that are off the queue at a time. At a thousand calls a second a gateway seals one of a thousand events each second: 80 of those are
 * in all lanes, and more than two batches behind them, as a lane that finds less than a whole one begins a small one.
 */
const CONCURRENCY = 128;

/** Brings the gateways' segments into the ledger. */
@Injectable()
export class IngestionService implements OnApplicationBootstrap {
  private readonly gatherer = new SegmentGatherer({
    ingest: (jobs) => ingestSegments(this.context, jobs, (periods) => this.alerts.onUsage(periods)),
    lanes: LANES,
    maxEvents: MAX_EVENTS,
    minEventsBeside: MIN_EVENTS_BESIDE,
    maxWaitMs: MAX_WAIT_MS,
  });

  constructor(
    @Inject(CONTEXT) private readonly context: ServiceContext,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(MetricsService) private readonly metrics: MetricsService,
    @Inject(QueueWorkersService) private readonly workers: QueueWorkersService,
    @Inject(UsageAlertsService) private readonly alerts: UsageAlertsService,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.workers.start(SEGMENT_QUEUE, CONCURRENCY, { [SEGMENT_JOB_NAME]: (job) => this.ingest(job) });
  }

  private async ingest(job: SegmentJob): Promise<void> {
    const stopTimer = this.metrics.ingestSeconds.startTimer();
    const { gatewayId, epoch, segment, attempt } = job;
    try {
      const result = await this.gatherer.ingest(job);
      stopTimer();
      this.metrics.segments.inc({ status: result.status });
      this.metrics.events.inc({ result: 'inserted' }, result.inserted);
      this.metrics.events.inc({ result: 'duplicate' }, result.duplicates);
      this.metrics.events.inc({ result: 'quarantined' }, result.quarantined);
      const isAlarming = result.status === 'hash_conflict' || result.quarantined > 0;
      this.logger[isAlarming ? 'error' : 'debug']({ gatewayId, epoch, segment, attempt, ...result }, 'segment');
    } catch (error) {
      // It would be damaged the next time too; the gateway ships it anew.
      if (error instanceof SegmentJobError) throw new JobRefusedError(error.message, { cause: error });
      throw error;
    }
  }
}
