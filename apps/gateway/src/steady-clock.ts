import type { Clock } from '#domain';

/**
 * A clock that never steps back, whatever the machine's does: what was promised about requests before an instant must
 * not be broken by a request that seems to come before it. It never stands still either, or no window would end: while the machine's
 * clock is behind, this one goes at half its speed until that has caught up.
 */
export class SteadyClock implements Clock {
  private latestMs = 0;
  /** The instant from which it goes slowly, by the monotonic clock and by this one; null while the source is not behind. */
  private slow: { readonly sinceMs: number; readonly fromMs: number } | null = null;

  constructor(
    private readonly source: Clock,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  nowMs(): number {
    const nowMs = this.source.nowMs();
    if (nowMs < this.latestMs) return this.slowMs();
    this.slow = null;
    this.latestMs = nowMs;
    return nowMs;
  }

  now(): Date {
    return new Date(this.nowMs());
  }

  /** From now on it is at least `ms`. */
  raiseTo(ms: number): void {
    if (ms <= this.latestMs) return;
    this.latestMs = ms;
    this.slow = null;
  }

  /** How far it is ahead of its source: 0 but after that was set back. */
  get leadMs(): number {
    return Math.max(0, this.nowMs() - this.source.nowMs());
  }

  private slowMs(): number {
    const monotonicMs = this.monotonicMs();
    this.slow ??= { sinceMs: monotonicMs, fromMs: this.latestMs };
    this.latestMs = this.slow.fromMs + Math.floor((monotonicMs - this.slow.sinceMs) / 2);
    return this.latestMs;
  }
}
