const spanMs = 600_000;
/** Use of the first moments is spread over at least this long: a burst is no promise for ten minutes. */
const leastObservedMs = 60_000;

/**
 * How much is used in ten minutes or so: two counters that take turns, the older one fading out. In its first ten
 * minutes it expects that the use so far goes on.
 */
export class RecentUse {
  private startedMs = performance.now();
  private current = 0;
  private previous = 0;

  add(units: number): void {
    this.turn();
    this.current += units;
  }

  /** Units used in about ten minutes. */
  perTenMinutes(): number {
    this.turn();
    const elapsedMs = performance.now() - this.startedMs;
    if (this.previous === 0) return (this.current * spanMs) / Math.max(elapsedMs, leastObservedMs);
    return this.current + this.previous * (1 - elapsedMs / spanMs);
  }

  private turn(): void {
    const elapsedMs = performance.now() - this.startedMs;
    if (elapsedMs < spanMs) return;
    this.previous = elapsedMs < 2 * spanMs ? this.current : 0;
    this.current = 0;
    this.startedMs = performance.now();
  }
}
