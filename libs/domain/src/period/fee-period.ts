import { type TimeSpan, monthlyPeriodAt } from './monthly-period.js';

/** The span that one fixed fee of a plan pays for, the one that holds the instant `atMs`: a month of the anchor. */
export function feePeriodAt(anchorMs: number, atMs: number): TimeSpan {
  const { startMs, endMs } = monthlyPeriodAt(anchorMs, atMs);
  return { startMs, endMs };
}
