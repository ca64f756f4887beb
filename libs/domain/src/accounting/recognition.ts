import type { TimeSpan } from '../period/monthly-period.js';

/** A part of an amount, and the instant at which it has been earned. */
export interface EarnedPart {
  readonly atMs: number;
  readonly amountMinor: bigint;
}

/**
 * An amount for a span of time in parts by calendar month (UTC), by milliseconds: each is earned when its month ends, which
 * is the last millisecond of it within the span. The parts add up to the amount: what is earned by the end of a month is cut
 * to whole minor units towards zero, and the last part has the rest. An empty span is earned at once, at its start.
 */
export function earnedByMonth(amountMinor: bigint, { startMs, endMs }: TimeSpan): EarnedPart[] {
  if (endMs <= startMs) return [{ atMs: startMs, amountMinor }];
  const lengthMs = BigInt(endMs - startMs);
  const parts: EarnedPart[] = [];
  let earnedMinor = 0n;
  for (let fromMs = startMs; fromMs < endMs;) {
    const untilMs = Math.min(nextMonthMs(fromMs), endMs);
    const byThenMinor = (amountMinor * BigInt(untilMs - startMs)) / lengthMs;
    parts.push({ atMs: untilMs - 1, amountMinor: byThenMinor - earnedMinor });
    earnedMinor = byThenMinor;
    fromMs = untilMs;
  }
  return parts;
}

function nextMonthMs(atMs: number): number {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
}
