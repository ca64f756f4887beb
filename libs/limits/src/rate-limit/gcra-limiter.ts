import type { Limiter } from './limiter.js';

/**
 * The generic cell rate algorithm: admits at most `burst` + `limit` / `windowMs` · t in any span of t milliseconds.
 *
 * Kept as a debt in parts of a unit, `windowMs` parts each: a unit taken adds as many, a millisecond pays `limit` back.
 * So all numbers are whole and the bound is exact, as long as `burst` · `windowMs` is a safe integer.
 */
export class GcraLimiter implements Limiter {
  private debt = 0;
  private atMs = 0;

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
    private readonly burst: number,
  ) {}

  tryTake(nowMs: number): boolean {
    this.pay(nowMs);
    const debt = this.debt + this.windowMs;
    if (debt > this.burst * this.windowMs) return false;
    this.debt = debt;
    return true;
  }

  /** What may have been paid back of the unit meanwhile stays paid: nobody knows whether it would have been owed. */
  giveBack(takenAtMs: number): void {
    const owed = Math.max(0, this.windowMs - (this.atMs - takenAtMs) * this.limit);
    this.debt = Math.max(0, this.debt - owed);
  }

  remaining(nowMs: number): number {
    this.pay(nowMs);
    const parts = this.burst * this.windowMs - this.debt;
    return (parts - (parts % this.windowMs)) / this.windowMs;
  }

  nextUnitInMs(nowMs: number): number {
    const afterNext = this.remaining(nowMs) + 1;
    return afterNext > this.burst ? 0 : Math.ceil((this.debt - (this.burst - afterNext) * this.windowMs) / this.limit);
  }

  private pay(nowMs: number): void {
    this.debt = Math.max(0, this.debt - (nowMs - this.atMs) * this.limit);
    this.atMs = nowMs;
  }
}
