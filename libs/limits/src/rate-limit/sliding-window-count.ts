import type { WindowCount } from './exchange-units.js';
import type { RateRule } from './rate-rule.js';
import type { EndedUnits } from './rate-window-store.js';
import { sliceMsOf } from './sliding-window-limiter.js';

/**
 * A sliding window as a store keeps it: pairs of slice and units. Units count until `windowMs` after the last
 * instant of their slice; those of a block are in the slice in which it dies, until it is ended.
 */
export class SlidingWindowCount implements WindowCount {
  private readonly sliceMs: number;
  private readonly units: Map<number, number>;

  constructor(
    private readonly rule: RateRule,
    numbers: readonly number[],
    private readonly nowMs: number,
  ) {
    this.sliceMs = sliceMsOf(rule.limit, rule.windowMs);
    this.units = new Map();
    for (let index = 0; index < numbers.length; index += 2) this.units.set(numbers[index]!, numbers[index + 1]!);
    this.expire();
  }

  available(): number {
    let total = 0;
    for (const units of this.units.values()) total += units;
    return this.rule.limit - total;
  }

  take(units: number, diesAtMs: number): void {
    this.add(this.sliceOf(diesAtMs), units);
  }

  end({ units, diesAtMs, spent, lastSpentMs }: EndedUnits): void {
    const slice = this.sliceOf(diesAtMs);
    const left = (this.units.get(slice) ?? 0) - units;
    if (left > 0) this.units.set(slice, left);
    else this.units.delete(slice);
    if (spent > 0) this.add(this.sliceOf(lastSpentMs), spent);
    this.expire();
  }

  nextUnitInMs(): number {
    const oldest = Math.min(...this.units.keys());
    return oldest === Infinity ? 0 : this.expiryOf(oldest) - this.nowMs;
  }

  numbers(): readonly number[] {
    return [...this.units].flat();
  }

  private add(slice: number, units: number): void {
    this.units.set(slice, (this.units.get(slice) ?? 0) + units);
  }

  private expire(): void {
    for (const slice of this.units.keys()) if (this.expiryOf(slice) <= this.nowMs) this.units.delete(slice);
  }

  private sliceOf(ms: number): number {
    return Math.floor(ms / this.sliceMs);
  }

  private expiryOf(slice: number): number {
    return (slice + 1) * this.sliceMs - 1 + this.rule.windowMs;
  }
}
