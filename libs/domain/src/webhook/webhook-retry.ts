const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long after each try that failed the next one follows, before jitter: 10 tries in a little more than three days. */
export const WEBHOOK_RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** Tries of a message at most. */
export const WEBHOOK_ATTEMPTS = WEBHOOK_RETRY_DELAYS_MS.length + 1;

const JITTER = 0.1;

/**
 * How long to wait after the `failed`th try (1 for the first), in milliseconds; null when it was the last. `chance` from 0 up
 * to 1 adds up to a tenth, so that messages that failed together are not tried together.
 */
export function webhookRetryDelayMs(failed: number, chance: number): number | null {
  const delayMs = WEBHOOK_RETRY_DELAYS_MS[failed - 1];
  return delayMs === undefined ? null : Math.round(delayMs * (1 + JITTER * chance));
}
