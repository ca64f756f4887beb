import type { WithoutStore } from '#domain';
import type { WindowWithBlock } from './block-rounds.js';
import type { Limiter } from './limiter.js';
import { makeLimiter } from './make-limiter.js';
import { type RateRule, shareOf } from './rate-rule.js';
import type { RateWaiter, RateWindow, TakeVerdict } from './rate-window.js';
import { type EndedUnits, type UnitsAnswer, blockLifeMs, countsForMs } from './rate-window-store.js';
import { SettledUnits } from './settled-units.js';
import type { StoreGuard } from './store-guard.js';

/** A block is at most what the rule allows in this time. */
const blockSpanMs = 100;
/** A block is replaced when no more is left of it than is used in this time, at the rate before it was asked for. */
const aheadMs = 50;
/** A block that is in use is replaced so long before it dies, or a tenth of its life: more than from one round to the next. */
const mostRenewalMs = 150;
/** How long "full" is believed when units may come back from other gateways before the window says so. */
const quietMs = 100;
/** Units of blocks can be given back for so long; what is given back later counts as spent. Requests are refused sooner: they wait some seconds at most. */
const settledKeptMs = 10_000;

export interface SharedWindowOptions {
  /** See `UnitsRequest.key`. */
  readonly key: string;
  readonly rule: RateRule;
  /** `shared`: every unit is asked for. `leased`: blocks are, once there is traffic. */
  readonly policy: 'shared' | 'leased';
  readonly withoutStore: WithoutStore;
  readonly guard: StoreGuard;
  /** How many gateways share the window now. */
  readonly sharers: () => number;
  /** Told when the window gets a block that must be ended. */
  readonly onBlock: (window: SharedWindow) => void;
}

/**
 * A window that the gateways share. This one's part of it is a block of units that it spends from memory; when it has
 * none, it asks the store. A block is clamp(remaining / 2N, 1, what the rule allows in 100 ms), N gateways, and no more
 * than four times what was used since the last question, so that a caller who comes now and then strands nothing. The next block is
 * asked for when what is left lasts no longer than 50 ms, but not before half of one is spent; and shortly before one dies that is in
 * use, so that a caller who comes every other second does not wait for the store. The unspent rest of a block goes back with the next
 * question, and when it dies.
 */
export class SharedWindow implements RateWindow, WindowWithBlock {
  private left = 0;
  /** Of the block: all its units, how many are spent, and when the last was. */
  private units = 0;
  private spent = 0;
  /** With so many units left the next block is asked for. */
  private refillAt = 0;
  private lastSpentMs = 0;
  private diesAtMs = 0;
  /** An exchange with the block got no answer: the store may have ended it already. */
  private isBlockLost = false;

  private isAsking = false;
  private askedMs = -Infinity;
  private usedSinceAsked = 0;
  private waiting: RateWaiter[] = [];
  private waitedMs = 0;
  /** Of blocks: the units of earlier exchanges that are not given back, and when they were spent as the store has it. */
  private readonly settled = new SettledUnits(settledKeptMs);
  /** Units that were spent up to then are not in `settled` any more. */
  private forgottenUpToMs = -Infinity;
  private returned: EndedUnits[] = [];

  /** As of the last answer, with what is given back since. */
  private storeRemaining: number;
  private nextUnitAtMs = 0;
  private emptyUntilMs = 0;
  private quietUntil = 0;
  private goodAsNewAtMs = 0;

  /** Counts while the store is away. Kept afterwards, so that a store that comes and goes gives nothing away. */
  private substitute: Limiter | null = null;
  private substituteFromMs = Infinity;
  private substituteUntilMs = -Infinity;
  private spentWithoutStore = 0;

  private readonly lifeMs: number;
  private readonly renewalMs: number;
  private readonly largestBlock: number;

  constructor(private readonly options: SharedWindowOptions) {
    const { rule, policy } = options;
    this.lifeMs = blockLifeMs(rule);
    this.renewalMs = Math.min(mostRenewalMs, this.lifeMs / 10);
    this.largestBlock = policy === 'shared' ? 0 : Math.max(1, Math.floor((rule.limit / rule.windowMs) * blockSpanMs));
    this.storeRemaining = rule.burst;
  }

  tryTake(nowMs: number): TakeVerdict {
    if (this.left > 0 && nowMs < this.diesAtMs) {
      this.spend(nowMs);
      if (this.left <= this.refillAt && !this.isAsking && this.options.guard.canAsk) this.ask(nowMs);
      return 'taken';
    }
    if (this.options.guard.isAway) {
      if (!this.isAsking && this.options.guard.canAsk) this.ask(nowMs);
      return this.takeWithoutStore(nowMs);
    }
    const isFull = this.hasBlocks && nowMs < this.emptyUntilMs && performance.now() < this.quietUntil;
    return isFull ? 'full' : 'unknown';
  }

  /** For a unit that is not at hand. The waiter is told later, never before this returns. */
  wait(nowMs: number, waiter: RateWaiter): void {
    this.waiting.push(waiter);
    this.waitedMs = nowMs;
    if (!this.isAsking) this.ask(nowMs);
  }

  giveBack(takenAtMs: number): void {
    if (takenAtMs >= this.substituteFromMs && takenAtMs <= this.substituteUntilMs) {
      this.substitute?.giveBack(takenAtMs);
      this.spentWithoutStore = Math.max(0, this.spentWithoutStore - 1);
      return;
    }
    if (takenAtMs <= this.forgottenUpToMs) return;
    const settledMs = this.hasBlocks ? this.settled.takeBack(takenAtMs) : takenAtMs;
    if (settledMs !== null) {
      this.returned.push({ units: 1, diesAtMs: settledMs, spent: 0, lastSpentMs: settledMs, isBlock: false });
      this.storeRemaining++;
      this.emptyUntilMs = 0;
      if (!this.isAsking && this.options.guard.canAsk) this.ask(takenAtMs);
    } else if (this.spent > 0 && !this.isBlockLost) {
      this.spent--;
      this.left++;
    }
  }

  remaining(nowMs: number): number {
    const { rule } = this.options;
    if (this.isSubstituted) return this.substitute!.remaining(nowMs);
    if (nowMs >= this.goodAsNewAtMs) return rule.burst;
    const inHand = nowMs < this.diesAtMs ? this.left : 0;
    const known = inHand + this.storeRemaining;
    return Math.min(rule.burst, Math.max(known, nowMs >= this.nextUnitAtMs ? 1 : 0));
  }

  nextUnitInMs(nowMs: number): number {
    if (this.isSubstituted) return this.substitute!.nextUnitInMs(nowMs);
    return Math.max(0, this.nextUnitAtMs - nowMs);
  }

  isIdle(nowMs: number): boolean {
    const isSubstituteIdle = this.substitute === null || this.substitute.nextUnitInMs(nowMs) === 0;
    return nowMs >= this.goodAsNewAtMs && this.units === 0 && !this.isAsking && isSubstituteIdle;
  }

  /** False where every unit is asked for: whoever took one is told the instant under which the store counts it. */
  private get hasBlocks(): boolean {
    return this.largestBlock > 0;
  }

  private get isSubstituted(): boolean {
    return this.substitute !== null && this.options.guard.isAway;
  }

  /** See `WindowWithBlock`: when a block in use is replaced, and when one that is not dies. */
  nextLookMs(nowMs: number): number {
    const { renewedAtMs } = this;
    return nowMs < renewedAtMs ? renewedAtMs : this.diesAtMs;
  }

  /** True when there is nothing to be ended any more. Gives back what is left of a dead block, and asks for the next where one that dies soon is in use. */
  endBlock(nowMs: number): boolean {
    if (this.units === 0 && this.returned.length === 0) return true;
    // Not by this block alone: a fixed window may end it before anything of it was spent.
    const isInUse = nowMs - this.lastSpentMs < this.lifeMs;
    const isDue = nowMs >= (isInUse ? this.renewedAtMs : this.diesAtMs);
    if (isDue && !this.isAsking && this.options.guard.canAsk) this.ask(nowMs, isInUse ? Math.max(1, this.spent) : 0);
    return false;
  }

  /** Shortly before it dies; where a fixed window takes it along, once the next has begun. */
  private get renewedAtMs(): number {
    const { algorithm, windowMs } = this.options.rule;
    const isLastOfWindow = algorithm === 'fixed_window' && (this.diesAtMs + 1) % windowMs === 0;
    return isLastOfWindow ? this.diesAtMs + 1 : this.diesAtMs - this.renewalMs;
  }

  private spend(nowMs: number): void {
    this.left--;
    this.spent++;
    this.usedSinceAsked++;
    this.lastSpentMs = nowMs;
  }

  /** By which the next block is sized. */
  private usedLately(nowMs: number): number {
    return nowMs - this.askedMs < this.lifeMs ? this.usedSinceAsked : 0;
  }

  private ask(nowMs: number, used = this.usedLately(nowMs)): void {
    const { key, rule, guard, sharers } = this.options;
    const waiting = this.waiting;
    this.waiting = [];
    const kept = nowMs < this.diesAtMs ? this.left : 0;
    const usedAhead = used === 0 ? 0 : (used / (nowMs - this.askedMs)) * aheadMs;
    const needed = kept + waiting.length;
    const wanted = Math.max(needed, waiting.length + Math.min(this.largestBlock, 4 * used));
    const isBlock = wanted > waiting.length;
    const diesAtMs = isBlock ? this.deathOf(nowMs) : nowMs;
    const ended = this.endAll(nowMs);
    const spentBefore = this.spent;
    const carried = this.spentWithoutStore;
    this.isAsking = true;
    this.askedMs = nowMs;
    this.usedSinceAsked = 0;
    guard.ask({ key, rule, nowMs, ended, needed, wanted, sharers: sharers(), diesAtMs }, (answer) => {
      this.isAsking = false;
      if (answer) {
        this.endSubstitute(carried);
        this.takeAnswer(answer, nowMs, isBlock, this.spent - spentBefore);
        this.refillAt = Math.min(Math.ceil(this.units / 2) - 1, Math.max(1, Math.ceil(usedAhead)));
        this.serve(waiting, nowMs, isBlock, answer);
      } else this.takeSilence(waiting, nowMs);
      // By now the list may be in old memory, where it would keep whoever has waited until all of that is collected.
      waiting.length = 0;
      const isMoreToSay = this.waiting.length > 0 || (this.returned.length > 0 && guard.canAsk);
      if (isMoreToSay && !this.isAsking) this.ask(Math.max(nowMs, this.waitedMs));
    });
  }

  /** What the next exchange ends: the block, what was given back of earlier ones, and what was spent without the store. */
  private endAll(nowMs: number): EndedUnits[] {
    const ended = this.returned;
    this.returned = [];
    if (this.units > 0 && !this.isBlockLost) {
      const { units, diesAtMs, spent, lastSpentMs } = this;
      ended.push({ units, diesAtMs, spent, lastSpentMs, isBlock: true });
      if (spent > 0) this.settle(lastSpentMs, spent);
    }
    if (this.spentWithoutStore > 0) {
      ended.push({ units: 0, diesAtMs: nowMs, spent: this.spentWithoutStore, lastSpentMs: nowMs, isBlock: false });
    }
    return ended;
  }

  private takeAnswer(answer: UnitsAnswer, askedMs: number, isBlock: boolean, spent: number): void {
    this.storeRemaining = answer.remaining + this.returned.length;
    this.nextUnitAtMs = answer.nextUnitInMs === 0 ? 0 : askedMs + answer.nextUnitInMs;
    this.goodAsNewAtMs = answer.diesAtMs + countsForMs(this.options.rule);
    this.units = answer.granted;
    this.spent = spent;
    this.left = Math.max(0, answer.granted - spent);
    this.diesAtMs = answer.diesAtMs;
    this.isBlockLost = false;
    if (isBlock && this.units > 0) this.options.onBlock(this);
  }

  /** First come, first served. Everything is reckoned before anybody is told: they may come back at once. */
  private serve(waiting: readonly RateWaiter[], askedMs: number, isBlock: boolean, answer: UnitsAnswer): void {
    const served = Math.min(waiting.length, this.left);
    const takenAtMs = this.hasBlocks ? Math.max(askedMs, this.lastSpentMs) : answer.diesAtMs;
    for (let index = 0; index < served; index++) this.spend(takenAtMs);
    if (!isBlock) {
      // Units to be spent at once: nothing of them is left to be ended.
      if (served > 0 && this.hasBlocks) this.settle(answer.diesAtMs, served);
      this.units = 0;
      this.spent = 0;
      this.left = 0;
    }
    if (served < waiting.length) {
      this.emptyUntilMs = askedMs + answer.nextUnitInMs;
      this.quietUntil = performance.now() + quietMs;
    }
    for (const [index, waiter] of waiting.entries()) waiter.onTakeVerdict(index < served ? 'taken' : 'full', takenAtMs);
  }

  /** The store did not answer: nobody knows whether the block was ended, so that it is spent but not ended again. */
  private takeSilence(waiting: readonly RateWaiter[], nowMs: number): void {
    if (this.units > 0) this.isBlockLost = true;
    this.settled.clear();
    this.forgottenUpToMs = Math.max(this.forgottenUpToMs, nowMs);
    for (const waiter of waiting) waiter.onTakeVerdict(this.takeWithoutStore(nowMs), nowMs);
  }

  private takeWithoutStore(nowMs: number): Exclude<TakeVerdict, 'unknown'> {
    const { withoutStore, rule, sharers } = this.options;
    if (withoutStore === 'fail_closed') return 'unavailable';
    if (withoutStore === 'local') {
      this.substitute ??= makeLimiter(shareOf(rule, sharers()));
      if (!this.substitute.tryTake(nowMs)) return 'full';
    }
    if (this.substituteFromMs === Infinity) this.substituteFromMs = nowMs;
    this.substituteUntilMs = nowMs;
    this.spentWithoutStore++;
    return 'taken';
  }

  /** The store counts again, and has been told of what was spent meanwhile. */
  private endSubstitute(carried: number): void {
    this.spentWithoutStore -= carried;
    this.substituteFromMs = Infinity;
    this.substituteUntilMs = -Infinity;
  }

  /** A fixed window takes its blocks with it. */
  private deathOf(nowMs: number): number {
    const { algorithm, windowMs } = this.options.rule;
    const diesAtMs = nowMs + this.lifeMs;
    return algorithm === 'fixed_window' ? Math.min(diesAtMs, nowMs - (nowMs % windowMs) + windowMs - 1) : diesAtMs;
  }

  private settle(ms: number, units: number): void {
    this.forgottenUpToMs = Math.max(this.forgottenUpToMs, this.settled.add(ms, units));
  }
}
