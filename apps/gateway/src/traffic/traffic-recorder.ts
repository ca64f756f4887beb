import type { Mode, TrafficSpan } from '#domain';
import type { OperationEntry } from '../snapshot/catalog.js';
import { OperationTraffic, countCall, spansOf } from './traffic-counts.js';

const MINUTE_MS = 60_000;
/** Kinds of calls that a minute tells apart, 1.3 kB each. */
const defaultMaxKinds = 2_000;
/** Of minutes that are over and not written yet, each below 1 kB. */
const defaultMaxSpans = 10_000;

export interface TrafficBounds {
  readonly maxKinds?: number;
  readonly maxSpans?: number;
}

/** Admitted calls that nobody will see in the traffic; what they cost is in the ledger all the same. */
export interface LostTraffic {
  /** Of kinds beyond the most that a minute tells apart. */
  readonly crowdedOut: number;
  /** Of minutes that went as the database was away for too long. */
  readonly unwritten: number;
}

/**
 * Counts admitted calls by the minute in which they end, by operation, subset, mode and class of status, and how long they took. On the way of
 * a request it is a look-up and a few additions; the memory that it takes has a bound.
 */
export class TrafficRecorder {
  private byOperation = new Map<OperationEntry, OperationTraffic>();
  private kinds = 0;
  private minuteMs = 0;
  private endsAtMs = 0;
  private ended: TrafficSpan[] = [];
  private crowdedOut = 0;
  private unwritten = 0;
  private readonly maxKinds: number;
  private readonly maxSpans: number;

  constructor({ maxKinds = defaultMaxKinds, maxSpans = defaultMaxSpans }: TrafficBounds = {}) {
    this.maxKinds = maxKinds;
    this.maxSpans = maxSpans;
  }

  /** A call has ended; null for a time that there is none of. */
  count(
    operation: OperationEntry,
    subset: string | null,
    mode: Mode,
    status: number,
    totalMs: number | null,
    upstreamMs: number | null,
    nowMs: number,
  ): void {
    if (nowMs >= this.endsAtMs) this.settle(nowMs);
    // An upstream may answer with a number that is no status.
    const statusClass = status >= 100 && status < 600 ? (status / 100) | 0 : 5;
    const counts =
      this.byOperation.get(operation)?.find(subset, mode, statusClass) ??
      this.add(operation, subset, mode, statusClass);
    if (counts === null) this.crowdedOut++;
    else countCall(counts, totalMs, upstreamMs);
  }

  /** Ends the minute that is over; the oldest minutes go when there are too many. */
  settle(nowMs: number): void {
    if (nowMs < this.endsAtMs) return;
    this.ended.push(...this.underWay());
    this.byOperation = new Map();
    this.kinds = 0;
    this.minuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    this.endsAtMs = this.minuteMs + MINUTE_MS;
    const tooMany = this.ended.length - this.maxSpans;
    if (tooMany > 0) for (const { calls } of this.ended.splice(0, tooMany)) this.unwritten += calls;
  }

  /** The first `most` of what is to be written of minutes that are over, the oldest first. */
  over(most: number): readonly TrafficSpan[] {
    return this.ended.slice(0, most);
  }

  /** They are written. */
  forget(spans: readonly TrafficSpan[]): void {
    const gone = new Set(spans);
    this.ended = this.ended.filter((span) => !gone.has(span));
  }

  /** What the minute under way has so far. */
  underWay(): readonly TrafficSpan[] {
    return spansOf(this.minuteMs, this.byOperation.values());
  }

  get lost(): LostTraffic {
    return { crowdedOut: this.crowdedOut, unwritten: this.unwritten };
  }

  private add(operation: OperationEntry, subset: string | null, mode: Mode, statusClass: number) {
    if (this.kinds >= this.maxKinds) return null;
    this.kinds++;
    let traffic = this.byOperation.get(operation);
    if (!traffic) this.byOperation.set(operation, (traffic = new OperationTraffic(operation)));
    return traffic.add(subset, mode, statusClass);
  }
}
