import type { WindowCount } from './exchange-units.js';
import type { RateRule } from './rate-rule.js';
import type { EndedUnits } from './rate-window-store.js';

/** A fixed window as a store keeps it: the number of the window, and the units taken in it. */
export class FixedWindowCount implements WindowCount {
  private readonly window: number;
  private count: number;

  constructor(
    private readonly rule: RateRule,
    [window = 0, count = 0]: readonly number[],
    private readonly nowMs: number,
  ) {
    this.window = this.windowOf(nowMs);
    this.count = window === this.window ? count : 0;
  }

  available(): number {
    return this.rule.limit - this.count;
  }

  take(units: number): void {
    this.count += units;
  }

  end({ units, diesAtMs, spent }: EndedUnits): void {
    if (this.windowOf(diesAtMs) === this.window) this.count = Math.max(0, this.count + spent - units);
  }

  nextUnitInMs(): number {
    return this.count === 0 ? 0 : this.rule.windowMs - (this.nowMs % this.rule.windowMs);
  }

  numbers(): readonly number[] {
    return [this.window, this.count];
  }

  private windowOf(ms: number): number {
    return Math.floor(ms / this.rule.windowMs);
  }
}
