import { feePeriodAt } from '../period/fee-period.js';
import type { FeePhase } from '../rating/advance-fees.js';

/** When a subscription ends: with what is under way, or at once. */
export type CancelWhen = 'period_end' | 'now';

/**
 * The instant at which a cancellation or a change of plan takes effect, in milliseconds, while `phase` is in force. At once is
 * no sooner than a millisecond after the phase began, as no phase is empty; otherwise the end of what the fixed fee
 * pays for, a month or a year, or of the trial.
 */
export function effectiveMs(when: CancelWhen, phase: Omit<FeePhase, 'id'>, anchorMs: number, nowMs: number): number {
  if (when === 'now') return Math.max(nowMs, phase.startsAt.getTime() + 1);
  if (phase.isTrial) return phase.endsAt!.getTime();
  return feePeriodAt(phase.definition.billingInterval, anchorMs, nowMs).endMs;
}
