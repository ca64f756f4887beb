import type { UsageRange } from '../api/usage.js';
import { formatPeriod } from '../format/date.js';
import { laterBy, utcInstantOf } from '../format/utc-input.js';
import { bucketStartOf } from './series.js';

const DAY_MS = 86_400_000;
/** As many spans as the API tells of at most. */
const MAX_DAYS = 1_500;
/** Longer ones are shown by the day. */
const BY_HOUR_DAYS = 7;

/** Whole days in UTC, whatever the time is: from the start of the first up to the end of the last. */
export interface FixedRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly bucket: UsageRange['bucket'];
}

/** What usage is shown of: a stretch that ends now, or certain days. */
export type ShownRange = UsageRange | FixedRange;

/** With what it is compared: the stretch of the same length just before, or the same one a billing period, which is a month, earlier. */
export type Comparison = 'before' | 'month';

/** Two days as `date` fields have them. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** What is wrong with the days; null when usage can be shown of them. An empty or half-typed day is not wrong yet: undefined. */
export function daysFault({ from, to }: Days): string | null | undefined {
  const [first, last] = [utcInstantOf(from), utcInstantOf(to)];
  if (first === null || last === null || from < '2000') return undefined;
  if (first > last) return 'The last day comes before the first.';
  const days = (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
  return days > MAX_DAYS ? `Choose ${MAX_DAYS.toLocaleString('en-US')} days at most.` : null;
}

/** The range of days that `daysFault` finds nothing wrong with; null for others. */
export function rangeOfDays(days: Partial<Days>): FixedRange | null {
  const { from = '', to = '' } = days;
  if (daysFault({ from, to }) !== null) return null;
  const [fromMs, toMs] = [Date.parse(utcInstantOf(from)!), Date.parse(utcInstantOf(to)!) + DAY_MS];
  return { fromMs, toMs, bucket: toMs - fromMs > BY_HOUR_DAYS * DAY_MS ? 'day' : 'hour' };
}

/** How long a range is. */
export function lengthOf(range: ShownRange): number {
  return 'lengthMs' in range ? range.lengthMs : range.toMs - range.fromMs;
}

/** The bounds of a range, the later one exclusive; of what it is compared with, where that is asked for. */
export function boundsOf(
  range: ShownRange,
  now: Date,
  comparison?: Comparison,
): { readonly from: Date; readonly to: Date } {
  const to = 'lengthMs' in range ? now : new Date(range.toMs);
  const from = new Date(to.getTime() - lengthOf(range));
  if (comparison === undefined) return { from, to };
  if (comparison === 'before') {
    // Usage is told by whole buckets: the one that the range begins in belongs to it, and not to what was before as well.
    const endMs = bucketStartOf(from.getTime(), range.bucket);
    return { from: new Date(endMs - lengthOf(range)), to: new Date(endMs) };
  }
  const earlier = laterBy(from, { months: -1 });
  const isWholePeriods = from.getUTCDate() === to.getUTCDate() && lengthOf(range) >= 28 * DAY_MS && 'fromMs' in range;
  return {
    from: earlier,
    to: isWholePeriods ? laterBy(to, { months: -1 }) : new Date(earlier.getTime() + lengthOf(range)),
  };
}

/** "Mar 1 – Mar 31, 2026": the days of a fixed range, the last one among them. */
export function daysWords({ fromMs, toMs }: FixedRange): string {
  return formatPeriod(new Date(fromMs), new Date(toMs - DAY_MS));
}
