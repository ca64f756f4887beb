import type { Limiter } from './limiter.js';

/**
 * Admits at most `limit` in each window that begins at a multiple of `windowMs` since 1970 UTC: as a limit "per minute"
 * of Kong does, and so up to twice `limit` around the border of two windows. One counter.
 */
export class FixedWindowLimiter implements Limiter {
  private window = -1;
  private count = 0;

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
  ) {}

  tryTake(nowMs: number): boolean {
    this.turn(nowMs);
    if (this.count >= this.limit) return false;
    this.count++;
    return true;
  }

  giveBack(takenAtMs: number): void {
    if (Math.floor(takenAtMs / this.windowMs) === this.window) this.count--;
  }

  remaining(nowMs: number): number {
    this.turn(nowMs);
    return this.limit - this.count;
  }

  nextUnitInMs(nowMs: number): number {
    this.turn(nowMs);
    return this.count === 0 ? 0 : this.windowMs - (nowMs % this.windowMs);
  }

  private turn(nowMs: number): void {
    const window = Math.floor(nowMs / this.windowMs);
    if (window === this.window) return;
    this.window = window;
    this.count = 0;
  }
}
