import { type TimeSpan, monthlyPeriod, monthlyPeriodAt } from '../period/monthly-period.js';
import { type FeePhase, advanceFees } from '../rating/advance-fees.js';
import { type PhaseSpan, isPhaseInForce } from '../subscription/phase-change.js';
import type { RedeemedCoupon } from './coupon-discount.js';

/**
 * The months in which a coupon is in force: from the one in which the subscription begins to cost something, or from which it
 * counts; none when it was removed before. Null while the subscription is on trial only. Infinite without end.
 */
export function couponSpan(
  { months, countsFrom, endsAt }: Pick<RedeemedCoupon, 'months' | 'countsFrom' | 'endsAt'>,
  anchorMs: number,
  phases: readonly (Pick<PhaseSpan, 'startsAt' | 'endsAt'> & { readonly isTrial: boolean })[],
): TimeSpan | null {
  const first = phases.find((phase) => !phase.isTrial && isPhaseInForce(phase));
  if (!first) return null;
  const fromMs = Math.max(first.startsAt.getTime(), countsFrom?.getTime() ?? -Infinity);
  const { index, startMs } = monthlyPeriodAt(anchorMs, fromMs);
  const lastMs = months === null ? Infinity : monthlyPeriod(anchorMs, index + months).startMs;
  return { startMs, endMs: Math.max(startMs, Math.min(lastMs, endsAt?.getTime() ?? Infinity)) };
}

/**
 * When the month begins from which a coupon counts that is redeemed while its subscription runs: the one under way, or the
 * first after all that is paid in advance. So it changes no invoice that there is, and takes off whole months.
 */
export function couponStartMs(phases: readonly FeePhase[], anchorMs: number, atMs: number): number {
  const { startMs: monthStartMs } = monthlyPeriodAt(anchorMs, atMs);
  const span = { startMs: -Infinity, endMs: monthStartMs };
  const paid = advanceFees({ phases, anchorMs, canceledMs: Infinity, span }).filter(
    ({ kind }) => kind !== 'fixed_fee_credit',
  );
  const paidMonths = paid.map(({ phase, part, nominal }) => {
    const untilMs = Math.min(nominal.endMs, phase.endsAt?.getTime() ?? Infinity);
    // A set-up fee is of an instant.
    return monthlyPeriodAt(anchorMs, Math.max(untilMs - 1, part.startMs));
  });
  return Math.max(monthStartMs, ...paidMonths.map(({ endMs }) => endMs));
}
