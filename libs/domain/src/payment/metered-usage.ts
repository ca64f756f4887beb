import { createHash } from 'node:crypto';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Stripe takes what is up to 35 days old; a day of that is for its and our clocks, and for attempts. */
const OLDEST_MS = 34 * 86_400_000;

/** A span of whole minutes, `[startMs, endMs)`. */
export interface MeteredSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The whole minutes of a period, of which the provider has only what is after `startedMs`: those of which its sums can be asked
 * for, as they begin and end with a minute. Usage is reported as of an instant within them, so that no minute is of two periods.
 * Null when there is none.
 */
export function meteredSpan(period: MeteredSpan, startedMs: number): MeteredSpan | null {
  const startMs = Math.ceil(Math.max(period.startMs, startedMs) / MINUTE_MS) * MINUTE_MS;
  const endMs = Math.floor(period.endMs / MINUTE_MS) * MINUTE_MS;
  return startMs < endMs ? { startMs, endMs } : null;
}

/**
 * The instant as of which the usage of an hour is reported: its last second, but within the span, and no longer ago than the
 * provider takes it while the span allows that. All of it is billed with the period, whatever the instant.
 */
export function reportedAsOfMs(hourMs: number, span: MeteredSpan, nowMs: number): number {
  const least = Math.max(span.startMs, nowMs - OLDEST_MS);
  return Math.min(Math.max(hourMs + HOUR_MS - 1000, least), span.endMs - 1000);
}

/** Under which name usage is reported: one for each meter, period, hour and revision of a subscription, in 64 digits. */
export function meteredUsageIdentifier(usage: {
  readonly meteredSubscriptionId: string;
  readonly periodStart: Date;
  readonly meter: string;
  readonly hourAt: Date;
  readonly revision: number;
}): string {
  const { meteredSubscriptionId, periodStart, meter, hourAt, revision } = usage;
  const parts = [meteredSubscriptionId, periodStart.toISOString(), meter, hourAt.toISOString(), revision];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
