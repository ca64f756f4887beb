import type { RateRule, RateWindow, RateWindows } from '#limits';

const dayMs = 86_400_000;

/**
 * The calls with test keys of a UTC day, by application and product. All gateways count into one window, so that it takes
 * neither more of them nor a restart to get more calls; while the store is away each admits its share.
 */
export class TestQuotaBook {
  private readonly days = new Map<string, { readonly limit: number; readonly window: RateWindow }>();

  constructor(private readonly windows: RateWindows) {}

  /** What counts today's calls. After a change of the limit, those that were made before count as well. */
  windowOf(applicationId: string, productId: string, limit: number): RateWindow {
    const key = `${applicationId}:${productId}`;
    const known = this.days.get(key);
    if (known?.limit === limit) return known.window;
    // Fixed windows begin at multiples of their length since 1970 UTC, and so these at midnight.
    const rule: RateRule = { algorithm: 'fixed_window', limit, windowMs: dayMs, burst: limit };
    const window = this.windows.make(`{t:${key}}`, rule, 'shared', 'local');
    this.days.set(key, { limit, window });
    return window;
  }

  /** Forgets those who have made no call since midnight. */
  sweep(nowMs: number): void {
    for (const [key, { window }] of this.days) if (window.isIdle(nowMs)) this.days.delete(key);
  }
}

/** Seconds until the next midnight in UTC, rounded up. */
export function secondsToMidnight(nowMs: number): number {
  return Math.ceil((dayMs - (nowMs % dayMs)) / 1000);
}
