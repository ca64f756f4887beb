import type { Outcome } from '#domain';

/** How an admitted request has ended, for metrics, log and trace; a usage event is one. */
export interface Completion {
  readonly outcome: Outcome;
  readonly status: number;
  readonly reason: string;
  readonly billable: boolean;
  readonly bytesIn: number;
  readonly bytesOut: number;
}
