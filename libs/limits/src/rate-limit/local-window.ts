import type { Limiter } from './limiter.js';
import { makeLimiter } from './make-limiter.js';
import type { RateRule } from './rate-rule.js';
import type { RateWaiter, RateWindow, TakeVerdict } from './rate-window.js';

/** A window that this gateway counts alone. */
export class LocalWindow implements RateWindow {
  private readonly limiter: Limiter;

  constructor(rule: RateRule) {
    this.limiter = makeLimiter(rule);
  }

  tryTake(nowMs: number): TakeVerdict {
    return this.limiter.tryTake(nowMs) ? 'taken' : 'full';
  }

  wait(nowMs: number, waiter: RateWaiter): void {
    queueMicrotask(() => waiter.onTakeVerdict(this.limiter.tryTake(nowMs) ? 'taken' : 'full', nowMs));
  }

  giveBack(takenAtMs: number): void {
    this.limiter.giveBack(takenAtMs);
  }

  remaining(nowMs: number): number {
    return this.limiter.remaining(nowMs);
  }

  nextUnitInMs(nowMs: number): number {
    return this.limiter.nextUnitInMs(nowMs);
  }

  isIdle(nowMs: number): boolean {
    return this.limiter.nextUnitInMs(nowMs) === 0;
  }
}
