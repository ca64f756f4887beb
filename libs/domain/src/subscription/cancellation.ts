import { monthlyPeriodAt } from '../period/monthly-period.js';

/** When a subscription ends: with the period that is under way, or at once. */
export type CancelWhen = 'period_end' | 'now';

/**
 * The instant at which a cancellation ends a subscription, in milliseconds. At once is no sooner than a millisecond after
 * its phase began, as no phase is empty.
 */
export function cancellationMs(
  when: CancelWhen,
  { anchorMs, phaseStartMs }: { readonly anchorMs: number; readonly phaseStartMs: number },
  nowMs: number,
): number {
  return when === 'now' ? Math.max(nowMs, phaseStartMs + 1) : monthlyPeriodAt(anchorMs, nowMs).endMs;
}
