import type { Mode } from '../usage/usage-event.js';
import type { LatencyHistogram } from './latency-histogram.js';

/** Admitted calls of one kind that ended in one minute at one gateway, and how long they took. */
export interface TrafficSpan {
  readonly apiVersionId: string;
  /** Where the minute begins. */
  readonly startsAtMs: number;
  readonly operation: string;
  /** The subset of the upstream that was asked; empty for none, also for answers that were stored. */
  readonly subset: string;
  readonly mode: Mode;
  /** The first digit of the status. */
  readonly statusClass: number;
  readonly calls: number;
  /** From the head of the request to the end of the answer; without connections that stay open, such as WebSocket. */
  readonly total: LatencyHistogram;
  /** From sending the request to the head of the upstream's answer; without calls that got none. */
  readonly upstream: LatencyHistogram;
}

/** For how many days traffic is kept. */
export const TRAFFIC_DAYS = 31;
