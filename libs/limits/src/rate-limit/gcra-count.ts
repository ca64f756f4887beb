import type { WindowCount } from './exchange-units.js';
import type { RateRule } from './rate-rule.js';
import { type EndedUnits, blockLifeMs } from './rate-window-store.js';

/**
 * The generic cell rate algorithm as a store keeps it: the debt in parts of a unit (see `GcraLimiter`), its time, and
 * pairs of epoch and units of blocks that die in it. What is lent is owed until it is ended: so what is lent and what is
 * available are never more than `burst` together, and gateways that spend old blocks break no bound.
 */
export class GcraCount implements WindowCount {
  private debt: number;
  private readonly lent = new Map<number, number>();
  private readonly lifeMs: number;

  constructor(
    private readonly rule: RateRule,
    [debt = 0, atMs = 0, ...lent]: readonly number[],
    private readonly nowMs: number,
  ) {
    this.lifeMs = blockLifeMs(rule);
    for (let index = 0; index < lent.length; index += 2) {
      const epoch = lent[index]!;
      if ((epoch + 1) * this.lifeMs > nowMs) this.lent.set(epoch, lent[index + 1]!);
    }
    this.debt = debt - (nowMs - atMs) * rule.limit;
    this.oweWhatIsLent();
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
    // Of units that are not lent any more, what may have been paid back meanwhile stays paid.
    const paid = isLent ? 0 : Math.min(windowMs, Math.max(0, this.nowMs - diesAtMs) * limit);
    const owed = windowMs - paid;
    this.debt += spent * windowMs - units * owed;
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

  private oweWhatIsLent(): void {
    let lent = 0;
    for (const units of this.lent.values()) lent += units;
    this.debt = Math.max(this.debt, lent * this.rule.windowMs);
  }
}
