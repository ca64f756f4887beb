import type { WindowCount } from './exchange-units.js';
import type { RateRule } from './rate-rule.js';
import { type EndedUnits, blockLifeMs } from './rate-window-store.js';

/**
 * The generic cell rate algorithm as a store keeps it: the debt in parts of a unit (see `GcraLimiter`), its time, and
 * pairs of epoch and units of blocks that die in it. What is lent is owed until it is ended, or until the epoch is over, and then as if
 * it had been spent just then: so what is lent and what is available are never more than `burst` together, and gateways that spend old
 * blocks break no bound.
 */
export class GcraCount implements WindowCount {
  private debt: number;
  private readonly lent: Map<number, number>;
  private readonly lifeMs: number;

  constructor(
    private readonly rule: RateRule,
    [debt = 0, atMs = 0, ...lent]: readonly number[],
    private readonly nowMs: number,
  ) {
    this.lifeMs = blockLifeMs(rule);
    const epochs: [epoch: number, units: number][] = [];
    for (let index = 0; index < lent.length; index += 2) epochs.push([lent[index]!, lent[index + 1]!]);
    this.lent = new Map(epochs.toSorted(([one], [other]) => one - other));
    this.debt = debt;
    let sinceMs = atMs;
    for (const epoch of this.lent.keys()) {
      const overAtMs = (epoch + 1) * this.lifeMs;
      if (overAtMs > nowMs) break;
      // Whatever dies may have been spent last thing, so that nothing of it was paid back before.
      this.passTime(overAtMs - sinceMs);
      this.lent.delete(epoch);
      sinceMs = overAtMs;
    }
    this.passTime(nowMs - sinceMs);
  }

  available(): number {
    const { burst, windowMs } = this.rule;
    return Math.floor((burst * windowMs - this.debt) / windowMs);
  }

  take(units: number, diesAtMs: number): void {
    this.debt += units * this.rule.windowMs;
    if (diesAtMs > this.nowMs) this.lend(diesAtMs, units);
  }

  end({ units, diesAtMs, spent, isBlock }: EndedUnits): void {
    const { windowMs, limit } = this.rule;
    const isLent = isBlock && this.lend(diesAtMs, -units);
    if (isLent || spent > units) this.debt += (spent - units) * windowMs;
    else {
      // Of units that are not lent any more, what may have been paid back meanwhile stays paid.
      const paid = Math.min(windowMs, Math.max(0, this.nowMs - diesAtMs) * limit);
      this.debt -= (units - spent) * (windowMs - paid);
    }
    this.oweWhatIsLent();
  }

  nextUnitInMs(): number {
    const { burst, windowMs, limit } = this.rule;
    const afterNext = this.available() + 1;
    return afterNext > burst ? 0 : Math.ceil((this.debt - (burst - afterNext) * windowMs) / limit);
  }

  numbers(): readonly number[] {
    return [this.debt, this.nowMs, ...[...this.lent].flat()];
  }

  /** Lends more, or less when negative; false when the epoch is over, and with it all that was lent in it. */
  private lend(diesAtMs: number, units: number): boolean {
    const epoch = Math.floor(diesAtMs / this.lifeMs);
    if (!this.lent.has(epoch) && units < 0) return false;
    const lent = (this.lent.get(epoch) ?? 0) + units;
    if (lent > 0) this.lent.set(epoch, lent);
    else this.lent.delete(epoch);
    return true;
  }

  private passTime(ms: number): void {
    this.debt -= ms * this.rule.limit;
    this.oweWhatIsLent();
  }

  private oweWhatIsLent(): void {
    let lent = 0;
    for (const units of this.lent.values()) lent += units;
    this.debt = Math.max(this.debt, lent * this.rule.windowMs);
  }
}
