const dateOptions = { year: 'numeric', month: 'short', day: 'numeric' } as const;
const clockOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** "Nov 22, 2026" in the zone given, or the viewer's. */
export function formatDate(instant: Date, timeZone?: string): string {
  return instant.toLocaleDateString('en-US', { ...dateOptions, timeZone });
}

/** "Nov 22, 2026" of "2026-11-22": a day that is none of the viewer's zone. */
export function formatDay(day: string): string {
  return formatDate(new Date(`${day}T00:00:00Z`), 'UTC');
}

/** "Nov 22, 2026, 14:03" in the zone given, or the viewer's. */
export function formatDateTime(instant: Date, timeZone?: string): string {
  return instant.toLocaleString('en-US', { ...dateOptions, ...clockOptions, timeZone });
}

/** "14:03:22" in the zone given, or the viewer's. */
export function formatClock(instant: Date, timeZone?: string): string {
  return instant.toLocaleTimeString('en-US', { ...clockOptions, second: '2-digit', timeZone });
}

/** "2026-11-22 13:03:22 UTC": what hovering over any date shows. */
export function formatUtc(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** "12 seconds ago", "in 3 days": the largest unit that fits, rounded down. */
export function formatRelative(instant: Date, now: Date): string {
  const seconds = Math.trunc((instant.getTime() - now.getTime()) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return 'just now';
  const [unit, length] = relativeUnits.find(([, unitLength]) => size >= unitLength) ?? (['second', 1] as const);
  return relative.format(Math.trunc(seconds / length), unit);
}

const relative = new Intl.RelativeTimeFormat('en-US', { numeric: 'always' });
const relativeUnits = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** "Nov 8 – Dec 8, 2026": a half-open period, by its bounds in UTC, as it is billed. */
export function formatPeriod(start: Date, end: Date): string {
  const sameYear = start.getUTCFullYear() === end.getUTCFullYear();
  const first = start.toLocaleDateString('en-US', {
    month: 'short',
    day: 'numeric',
    ...(sameYear ? {} : { year: 'numeric' }),
    timeZone: 'UTC',
  });
  return `${first} – ${formatDate(end, 'UTC')}`;
}

/** Whole days until `end`, rounded up; 0 when it has passed. */
export function daysUntil(end: Date, now: Date): number {
  return Math.max(0, Math.ceil((end.getTime() - now.getTime()) / 86_400_000));
}
