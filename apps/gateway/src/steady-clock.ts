import type { Clock } from '#domain';

/**
 * A clock that never steps back, whatever the machine's does: what was promised about requests before an instant must
 * not be broken by a request that seems to come before it.
 */
export class SteadyClock implements Clock {
  private latestMs = 0;

  constructor(private readonly source: Clock) {}

  nowMs(): number {
    const nowMs = this.source.nowMs();
    if (nowMs > this.latestMs) this.latestMs = nowMs;
    return this.latestMs;
  }

  now(): Date {
    return new Date(this.nowMs());
  }

  /** From now on it is at least `ms`. */
  raiseTo(ms: number): void {
    if (ms > this.latestMs) this.latestMs = ms;
  }
}
