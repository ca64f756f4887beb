import type { CallReport } from './reports/call-report.js';

/** An admitted call that waits to be recorded. */
export interface OpenDecision {
  readonly requestId: string;
  /** What of it is kept on disk, so that it is recorded also after a crash. */
  readonly record: string;
  /**
   * Writes its one usage event: by the report, or by what is done with calls without one. `onRecorded` is told when it is in
   * the journal, `onFailed` when it is not, and must be given again. Throws when there is no event.
   */
  settle(report: CallReport | null, waiter: SettlementWaiter): void;
  /** It cannot be recorded because of a fault of ours: what it holds is given back, and there is no event. */
  abandon(): void;
}

export interface SettlementWaiter {
  onRecorded(): void;
  onFailed(): void;
}
