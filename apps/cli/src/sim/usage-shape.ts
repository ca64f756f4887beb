import type { UsageShape } from './scenario.js';

const DAY_MS = 86_400_000;
const DAYS_OF_A_MONTH = 30;

/**
 * Whole units of a shape on the UTC day that holds `atMs`, rounded down; `startMs` is when growth begins to count. 0 outside
 * of the shape's span.
 */
export function unitsOfDay(
  { perDay, weekend, growthPercent, from, to }: UsageShape,
  startMs: number,
  atMs: number,
): number {
  if ((from && atMs < from.getTime()) || (to && atMs >= to.getTime())) return 0;
  const weekday = new Date(atMs).getUTCDay();
  const share = weekday === 0 || weekday === 6 ? weekend : 1;
  const months = Math.floor((atMs - startMs) / (DAYS_OF_A_MONTH * DAY_MS));
  return Math.floor(perDay * share * (1 + growthPercent / 100) ** months);
}
