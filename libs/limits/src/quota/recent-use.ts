const spanMs = 600_000;

/** How much was used in the last ten minutes or so: two counters that take turns, the older one fading out. */
export class RecentUse {
  private startedMs = performance.now();
  private current = 0;
  private previous = 0;

  add(units: number): void {
    this.turn();
    this.current += units;
  }

  /** Units used in about the last ten minutes. */
  perTenMinutes(): number {
    this.turn();
    const fading = 1 - (performance.now() - this.startedMs) / spanMs;
    return this.current + this.previous * fading;
  }

  private turn(): void {
    const elapsedMs = performance.now() - this.startedMs;
    if (elapsedMs < spanMs) return;
    this.previous = elapsedMs < 2 * spanMs ? this.current : 0;
    this.current = 0;
    this.startedMs = performance.now();
  }
}
