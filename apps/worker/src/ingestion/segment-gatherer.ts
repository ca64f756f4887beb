import type { SegmentJob } from '#queues';
import type { IngestResult } from '#services';

export interface SegmentGathererOptions {
  /** Brings segments into the ledger and says what became of each, in their order. */
  readonly ingest: (jobs: readonly SegmentJob[]) => Promise<readonly PromiseSettledResult<IngestResult>[]>;
  /** Batches under way at a time. */
  readonly lanes: number;
  /** Of one batch, whose first segment may be larger. */
  readonly maxEvents: number;
  /** As many must wait before another batch begins beside those under way … */
  readonly minEventsBeside: number;
  /** … or a segment so long. */
  readonly maxWaitMs: number;
}

/** So much earlier than asked for a timer may fire. */
const TIMER_SLACK_MS = 1;

interface Waiting {
  readonly job: SegmentJob;
  readonly sinceMs: number;
  readonly resolve: (result: IngestResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets segments that wait at the same time go into the ledger together, which costs much less than one by one. While nothing
 * is under way a segment does not wait for others to come; else it waits a little until they are enough for a batch, or a
 * batch ends.
 */
export class SegmentGatherer {
  private waiting: Waiting[] = [];
  private busyLanes = 0;

  constructor(private readonly options: SegmentGathererOptions) {}

  /** Resolves or rejects with what became of this segment. */
  ingest(job: SegmentJob): Promise<IngestResult> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ job, sinceMs: performance.now(), resolve, reject });
      // Jobs that arrive in the same turn go together.
      setImmediate(() => this.fillLanes());
      setTimeout(() => this.fillLanes(), this.options.maxWaitMs).unref();
    });
  }

  private fillLanes(): void {
    while (this.busyLanes < this.options.lanes && this.isWorthALane()) void this.run(this.takeBatch());
  }

  private isWorthALane(): boolean {
    const [first] = this.waiting;
    if (!first) return false;
    if (this.busyLanes === 0 || performance.now() - first.sinceMs >= this.options.maxWaitMs - TIMER_SLACK_MS)
      return true;
    const events = this.waiting.reduce((sum, { job }) => sum + job.eventCount, 0);
    return events >= this.options.minEventsBeside;
  }

  private takeBatch(): Waiting[] {
    let events = 0;
    let count = 0;
    do events += this.waiting[count++]!.job.eventCount;
    while (count < this.waiting.length && events + this.waiting[count]!.job.eventCount <= this.options.maxEvents);
    return this.waiting.splice(0, count);
  }

  private async run(batch: readonly Waiting[]): Promise<void> {
    this.busyLanes++;
    try {
      const results = await this.options.ingest(batch.map(({ job }) => job));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const result = results[index]!;
        if (result.status === 'fulfilled') resolve(result.value);
        else reject(result.reason);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.busyLanes--;
      this.fillLanes();
    }
  }
}
