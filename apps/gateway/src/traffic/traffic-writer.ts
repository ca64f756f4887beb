import type { Clock, RefusedCalls, TrafficSpan } from '#domain';
import type { Logger } from '#observability';
import type { RefusalRecorder } from './refusal-recorder.js';
import type { TrafficRecorder } from './traffic-recorder.js';

/** How often what was counted is written, the minute under way as well: as old as that is the newest that people see. */
const defaultIntervalMs = 10_000;
const MOST_AT_ONCE = 2_000;

export interface TrafficWriterOptions {
  readonly recorder: TrafficRecorder;
  readonly refusals: RefusalRecorder;
  readonly clock: Clock;
  /** In one statement; rejects while the database is away. */
  readonly write: (spans: readonly TrafficSpan[]) => Promise<void>;
  readonly writeRefusals: (calls: readonly RefusedCalls[]) => Promise<void>;
  readonly log: Logger;
  readonly intervalMs?: number | undefined;
}

/** Brings what a gateway has counted to the database. Nothing waits for it, and what fails is tried again at the next time. */
export class TrafficWriter {
  private writing: Promise<void> | null = null;
  private triedAt = -Infinity;
  private isFailing = false;

  constructor(private readonly options: TrafficWriterOptions) {}

  /** Writes when it is time and nothing is being written. */
  round(): void {
    const { recorder, clock, intervalMs = defaultIntervalMs } = this.options;
    recorder.settle(clock.nowMs());
    if (this.writing !== null || performance.now() - this.triedAt < intervalMs) return;
    this.triedAt = performance.now();
    this.writing = this.write().finally(() => (this.writing = null));
  }

  /** Writes all that there is, once. */
  async end(): Promise<void> {
    await this.writing;
    await this.write();
  }

  private async write(): Promise<void> {
    const { recorder, refusals, clock, write, writeRefusals, log } = this.options;
    try {
      for (let over = recorder.over(MOST_AT_ONCE); over.length > 0; over = recorder.over(MOST_AT_ONCE)) {
        await write(over);
        recorder.forget(over);
      }
      const underWay = recorder.underWay();
      if (underWay.length > 0) await write(underWay);
      const refused = refusals.unwritten();
      if (refused.length > 0) await writeRefusals(refused);
      refusals.written(refused, clock.nowMs());
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) log.warn({ err: error }, 'the traffic was not written; it is tried again');
      this.isFailing = true;
    }
  }
}
