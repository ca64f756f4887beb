import { UsageError } from './exit.js';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Seconds of a duration such as 90s, 30m, 24h or 7d; 0 needs no unit. */
export function parseDuration(text: string, option: string): number {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (text === '0') return 0;
  if (count === undefined || unit === undefined) {
    throw new UsageError(`${option} ${text}: expected a duration such as 0, 90s, 30m, 24h or 7d`);
  }
  return Number(count) * SECONDS[unit]!;
}
