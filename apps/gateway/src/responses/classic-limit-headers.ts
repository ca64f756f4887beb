import type { Exchange } from '../exchange.js';
import { meteredBy } from '../policies/reserve-quota.js';

/** True for the fields that `pushClassicLimitHeaders` writes, in lower case. */
export function isClassicLimitField(name: string): boolean {
  return name.startsWith('x-ratelimit-');
}

/**
 * Adds `X-RateLimit-Limit`, `-Remaining` and `-Reset` of the limit with the fewest units left that the call counts into; the first
 * of several.
 * `-Reset` is in seconds from now, until the next unit comes back, as most clients read it.
 */
export function pushClassicLimitHeaders(headers: string[], { account, windows }: Exchange, nowMs: number): void {
  const terms = account!.terms!;
  let [limit, remaining, resetMs] = [0, Infinity, 0];
  for (let index = 0; index < windows.length; index++) {
    const left = windows[index]!.remaining(nowMs);
    if (left >= remaining) continue;
    limit = terms.planVersion.definition.rateLimits[index]!.limit;
    remaining = left;
    resetMs = windows[index]!.nextUnitInMs(nowMs);
  }
  for (const quota of terms.hardQuotas) {
    if (meteredBy(account!.metering, quota.meter) === null) continue;
    const left = quota.hand.remaining();
    if (left >= remaining) continue;
    limit = quota.limit;
    remaining = left;
    resetMs = terms.periodEndMs - nowMs;
  }
  if (remaining === Infinity) return;
  headers.push('x-ratelimit-limit', String(limit), 'x-ratelimit-remaining', String(remaining));
  headers.push('x-ratelimit-reset', String(Math.ceil(resetMs / 1000)));
}
