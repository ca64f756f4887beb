const WINDOW_MS = 60_000;
export const REPORTS_PER_MINUTE = 60;
/** More addresses than that in a minute are no reporters. */
const MAX_ADDRESSES = 10_000;

/**
 * How often an address may report in a minute to this process; counted in memory, before anything else is done: a flood
 * does not reach the database. What passes is counted over all processes.
 */
export class ReportAllowance {
  private counts = new Map<string, number>();
  private startedAt = 0;

  /** Takes one report; returns after how many seconds the next one is welcome: 0 when this one is. */
  take(address: string, nowMs: number): number {
    if (nowMs - this.startedAt >= WINDOW_MS) {
      this.counts = new Map();
      this.startedAt = nowMs;
    }
    const count = (this.counts.get(address) ?? 0) + 1;
    const isKnown = count > 1 || this.counts.size < MAX_ADDRESSES;
    if (isKnown) this.counts.set(address, count);
    return isKnown && count <= REPORTS_PER_MINUTE
      ? 0
      : Math.max(1, Math.ceil((this.startedAt + WINDOW_MS - nowMs) / 1000));
  }
}
