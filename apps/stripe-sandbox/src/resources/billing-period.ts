import type { Recurring } from './price.js';

export type Cycle = Pick<Recurring, 'interval' | 'interval_count'>;

const secondsOf = { day: 24 * 3600, week: 7 * 24 * 3600 } as const;

/**
 * The instant `count` cycles after the anchor. Months are counted from the anchor itself, so that a day that a month does
 * not have is its last one, and comes back in the next: 31 Jan → 28 Feb → 31 Mar.
 */
export function cyclesAfter(anchor: number, cycle: Cycle, count: number): number {
  const steps = count * cycle.interval_count;
  if (cycle.interval === 'day' || cycle.interval === 'week') return anchor + steps * secondsOf[cycle.interval];
  const months = cycle.interval === 'year' ? steps * 12 : steps;
  const start = new Date(anchor * 1000);
  const target = new Date(start);
  target.setUTCDate(1);
  target.setUTCMonth(target.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(start.getUTCDate(), lastDay));
  return target.getTime() / 1000;
}

/** The first end of a cycle after the instant. */
export function nextCycleEnd(anchor: number, cycle: Cycle, instant: number): number {
  let count = Math.floor((instant - anchor) / longest(cycle));
  while (cyclesAfter(anchor, cycle, count) > instant) count--;
  while (cyclesAfter(anchor, cycle, count) <= instant) count++;
  return cyclesAfter(anchor, cycle, count);
}

/** The seconds of the whole cycle that ends at the instant, of which only a part may be used. */
export function lengthOfCycleBefore(anchor: number, cycle: Cycle, end: number): number {
  let count = Math.round((end - anchor) / longest(cycle));
  while (cyclesAfter(anchor, cycle, count) < end) count++;
  return end - cyclesAfter(anchor, cycle, count - 1);
}

/** The longest that a cycle can be, in seconds: counting whole ones of it never goes too far. */
export function longest({ interval, interval_count: count }: Cycle): number {
  const days = { day: 1, week: 7, month: 31, year: 366 }[interval];
  return days * count * secondsOf.day;
}
