import type { TimeSpan } from '../period/monthly-period.js';

/** "from 2026-02-10 14:03 to 2026-02-28 10:00 (UTC)". */
export function utcSpan({ startMs, endMs }: TimeSpan): string {
  return `from ${utcMinute(startMs)} to ${utcMinute(endMs)} (UTC)`;
}

function utcMinute(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
}
