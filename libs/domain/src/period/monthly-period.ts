const dayMs = 86_400_000;

/** A half-open span of time, `[startMs, endMs)`, in milliseconds since the Unix epoch. */
export interface TimeSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** A month of a subscription. The period that starts at the anchor has index 0; earlier ones count below it. */
export interface MonthlyPeriod extends TimeSpan {
  readonly index: number;
}

/**
 * The period number `index` of a subscription anchored at `anchorMs`. Periods begin on the anchor's day of the month
 * at the anchor's time of day, in UTC. Days 29 to 31 clamp to the last day of a shorter month and return afterwards
 * (31 Jan → 28 Feb → 31 Mar), as every start is computed from the anchor and never from the period before.
 */
export function monthlyPeriod(anchorMs: number, index: number): MonthlyPeriod {
  return { startMs: startOfPeriod(anchorMs, index), endMs: startOfPeriod(anchorMs, index + 1), index };
}

/**
 * The one period that holds the instant `atMs`. It is total: an instant before the anchor is in a period of negative
 * index, and whether usage may be older than its subscription is for the caller to say.
 */
export function monthlyPeriodAt(anchorMs: number, atMs: number): MonthlyPeriod {
  const index = monthNumber(atMs) - monthNumber(anchorMs);
  return monthlyPeriod(anchorMs, startOfPeriod(anchorMs, index) <= atMs ? index : index - 1);
}

function startOfPeriod(anchorMs: number, index: number): number {
  const month = monthNumber(anchorMs) + index;
  const lastDay = new Date(Date.UTC(0, month + 1, 0)).getUTCDate();
  const day = Math.min(new Date(anchorMs).getUTCDate(), lastDay);
  return Date.UTC(0, month, day) + timeOfDayMs(anchorMs);
}

/** Months since January 1900, which is what year 0 of `Date.UTC` means. */
function monthNumber(atMs: number): number {
  const at = new Date(atMs);
  return (at.getUTCFullYear() - 1900) * 12 + at.getUTCMonth();
}

function timeOfDayMs(atMs: number): number {
  return ((atMs % dayMs) + dayMs) % dayMs;
}
