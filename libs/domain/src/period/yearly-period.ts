import { type MonthlyPeriod, type TimeSpan, monthlyPeriod, monthlyPeriodAt } from './monthly-period.js';

const MONTHS = 12;

/** A year of a subscription. The one that starts at the anchor has index 0; earlier ones count below it. */
export interface YearlyPeriod extends TimeSpan {
  readonly index: number;
}

/**
 * The year number `index` of a subscription anchored at `anchorMs`: twelve of its months. So 29 February clamps to the 28th
 * in common years and returns in leap years, and the end of a year is the end of its last month, to the millisecond.
 */
export function yearlyPeriod(anchorMs: number, index: number): YearlyPeriod {
  const startMs = monthlyPeriod(anchorMs, index * MONTHS).startMs;
  return { startMs, endMs: monthlyPeriod(anchorMs, (index + 1) * MONTHS).startMs, index };
}

/** The one year that holds the instant `atMs`; one before the anchor is in a year of negative index. */
export function yearlyPeriodAt(anchorMs: number, atMs: number): YearlyPeriod {
  return yearlyPeriod(anchorMs, Math.floor(monthlyPeriodAt(anchorMs, atMs).index / MONTHS));
}

/** The twelve months of a year, in which its quotas count: they adjoin, and fill it. */
export function monthsOfYear(anchorMs: number, index: number): readonly MonthlyPeriod[] {
  return Array.from({ length: MONTHS }, (_, month) => monthlyPeriod(anchorMs, index * MONTHS + month));
}
