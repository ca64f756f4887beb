import type { Lease, LeaseAnswer, QuotaKey, QuotaLeases, SettledLease } from './quota-leases.js';
import { RecentUse } from './recent-use.js';

/** Weights may have decimals; a hand counts in millionths of a unit and rounds finer weights up. */
export const MICRO = 1_000_000;
const leastBlock = 1_000;
/** How long units are waited for, unless it is said otherwise. */
const usualWaitMs = 250;
/** How long the first units are waited for: a gateway that has just started may have to ask for a thousand hands at once. */
const firstWaitMs = 2_500;
/** How long an answer that was no grant is taken for the answer to the next question. */
const quietMs = { exceeded: 1_000, lent_elsewhere: 250, unavailable: 250 } as const;

/**
 * What a request that needs units is told. `reserved`: it has them. `exceeded`: the period's units are used.
 * `lent_elsewhere`: what is left is lent and may come back soon. `unavailable`: the store does not answer.
 */
export type QuotaVerdict = 'reserved' | 'exceeded' | 'lent_elsewhere' | 'unavailable';

/** Waits for units. */
export interface QuotaWaiter {
  onQuotaVerdict(verdict: QuotaVerdict): void;
}

interface Waiting {
  readonly waiter: QuotaWaiter;
  readonly micro: number;
  readonly timer: NodeJS.Timeout;
}

interface HeldLease {
  readonly id: string;
  units: number;
  usedMicro: number;
}

/** How the units of a hand are lent. */
export interface HandOptions {
  /** Millionths in what a lease counts in: a whole unit, or one millionth. */
  readonly grain: number;
  /** Only what waiting requests need is asked for, and all that is idle is given back. */
  readonly isExact: boolean;
}

const wholeUnits: HandOptions = { grain: MICRO, isExact: false };
/** So that what a hand holds, in millionths, is counted exactly by a number. */
const greatestBlockMicro = 1e15;

/** An answer that stands for a while, for questions of at least that size. */
interface Quiet {
  readonly verdict: Exclude<QuotaVerdict, 'reserved'>;
  readonly atLeast: number;
  readonly untilMs: number;
}

/**
 * The units of one hard quota that this gateway holds: reserved when a request is admitted, used or released when it has
 * ended. Asks for the next block before it runs dry.
 */
export class QuotaHand {
  private availableMicro = 0;
  private reservedMicro = 0;
  private held: HeldLease[] = [];
  private lastBlock = 0;
  private unleased: number | null = null;
  private asking: Promise<void> | null = null;
  private quiet: Quiet = { verdict: 'unavailable', atLeast: 0, untilMs: 0 };
  private readonly waiting: Waiting[] = [];
  /** A question had no answer: the store may have lent what is not in `held`. */
  private isUncertain = false;
  /** The store has lent or refused units, or has failed. */
  private hasBeenAnswered = false;
  private readonly recentUse = new RecentUse();
  private readonly grain: number;
  private readonly isExact: boolean;

  constructor(
    readonly key: QuotaKey,
    private limit: number,
    private readonly leases: QuotaLeases,
    { grain, isExact }: HandOptions = wholeUnits,
    private readonly waitMs = usualWaitMs,
  ) {
    this.grain = grain;
    this.isExact = isExact;
  }

  /** Takes `micro` millionths, or returns false when they are not in the hand and `wait` must be called. */
  tryReserve(micro: number, limit: number): boolean {
    if (limit < this.limit) this.returnIdle();
    // What was refused under a lower limit may be granted now.
    if (limit > this.limit) this.quiet = { ...this.quiet, untilMs: 0 };
    this.limit = limit;
    if (this.waiting.length > 0 || this.availableMicro < micro) return false;
    this.take(micro);
    if (!this.isExact && this.availableMicro * 2 < this.lastBlock * this.grain) this.ask(1);
    return true;
  }

  /**
   * Waits for `micro` millionths: at most a quarter of a second, or as said, of a hand that has had no answer yet two and a half
   * seconds or more. The waiter is told later, never before this returns.
   */
  wait(micro: number, waiter: QuotaWaiter): void {
    const boundMs = this.hasBeenAnswered ? this.waitMs : Math.max(this.waitMs, firstWaitMs);
    const waiting: Waiting = { waiter, micro, timer: setTimeout(() => this.giveUp(waiting), boundMs) };
    this.waiting.push(waiting);
    if (!this.asking) queueMicrotask(() => this.serveWaiting());
  }

  /** The request that reserved the units has ended and does not count. */
  release(micro: number): void {
    this.reservedMicro -= micro;
    this.availableMicro += micro;
    if (this.waiting.length > 0) this.serveWaiting();
  }

  /** The request that reserved the units has ended and counts. */
  use(micro: number): void {
    this.reservedMicro -= micro;
    let rest = micro;
    for (const lease of this.held) {
      const part = Math.min(rest, lease.units * this.grain - lease.usedMicro);
      lease.usedMicro += part;
      rest -= part;
      if (rest === 0) return;
    }
  }

  /** Whole units that this gateway could still admit as far as it knows; exact when it is the only one. */
  remaining(): number {
    return Math.floor(this.availableMicro / this.grain) + (this.unleased ?? this.limit);
  }

  /** Millionths that could still be reserved as far as it knows, once it was refused more. */
  remainingMicro(): number {
    return this.availableMicro + (this.unleased ?? 0) * this.grain;
  }

  get leaseCount(): number {
    return this.held.length;
  }

  get isIdle(): boolean {
    return this.reservedMicro === 0 && this.waiting.length === 0 && !this.asking;
  }

  /**
   * Another gateway found nothing left: gives back half of what is neither used nor reserved, rounded up, and ends the
   * leases that are used up, so that the other can tell what is used from what may still come back.
   * @throws QuotaStoreError; what it could not give back is not used, and goes back with the next question.
   */
  async giveBack(): Promise<void> {
    if (this.asking) return;
    if (this.isUncertain) await this.reconcileAlone();
    if (this.asking) return;
    const smaller = this.takeFromNewest(this.unitsToSpare());
    const usedUp = this.held.filter(this.isUsedUp);
    const shrunk = smaller.filter((lease) => !usedUp.some(({ id }) => id === lease.id));
    this.held = this.held.filter((lease) => lease.units > 0);
    try {
      if (usedUp.length > 0) await this.leases.settle(usedUp.map(this.settled));
      this.held = this.held.filter((lease) => !usedUp.includes(lease));
      if (shrunk.length > 0) await this.leases.shrink(this.key, shrunk);
    } catch (error) {
      this.isUncertain = true;
      throw error;
    }
  }

  /** Ends all leases with what was used of them. Only while nothing is reserved. Afterwards the hand is empty. */
  async settle(): Promise<void> {
    await this.asking;
    if (this.isUncertain) await this.reconcile();
    if (this.held.length === 0) return;
    await this.leases.settle(this.held.map(this.settled));
    this.held = [];
    this.availableMicro = 0;
  }

  /** Half of what is neither used nor reserved, rounded up to whole units; of an exact hand all of it. */
  private unitsToSpare(): number {
    const idle = Math.floor(this.availableMicro / this.grain);
    const whole = MICRO / this.grain;
    return this.isExact ? idle : Math.min(idle, Math.ceil(idle / whole / 2) * whole);
  }

  /**
   * Fewer units are allowed than those in the hand were lent under: gives all that is idle back, before it asks again. When
   * that fails, they are not used, and go back with the next question.
   */
  private returnIdle(): void {
    const smaller = this.takeFromNewest(Math.floor(this.availableMicro / this.grain));
    if (smaller.length === 0) return;
    this.held = this.held.filter((lease) => lease.units > 0);
    const earlier = this.asking ?? Promise.resolve();
    const returning = earlier
      .then(() => this.leases.shrink(this.key, smaller))
      .catch(() => this.takeSilence(0))
      .finally(() => this.endAsking(returning));
    this.asking = returning;
  }

  /** Lets the store end what it has lent to this hand without the hand's knowing. Nothing else may be asked meanwhile. */
  private async reconcile(): Promise<void> {
    this.isUncertain = false;
    const known = this.held.map(({ id }) => id);
    await this.leases.endUnknown(this.key, known).catch((error: unknown) => {
      this.isUncertain = true;
      throw error;
    });
  }

  private async reconcileAlone(): Promise<void> {
    const asking = this.reconcile().finally(() => this.endAsking(asking));
    this.asking = asking;
    await asking;
  }

  /** The store is free to be asked again, unless something else was begun meanwhile. */
  private endAsking(asking: Promise<void>): void {
    if (this.asking === asking) this.asking = null;
    this.serveWaiting();
  }

  private unitsWaitedFor(): number {
    const micro = this.waiting.reduce((sum, waiting) => sum + waiting.micro, 0);
    return Math.ceil((micro - this.availableMicro) / this.grain);
  }

  /** What may be used within ten minutes. */
  private unitsOfUse(): number {
    const units = Math.max((leastBlock * MICRO) / this.grain, Math.ceil(this.recentUse.perTenMinutes()));
    return Math.min(units, greatestBlockMicro / this.grain);
  }

  private readonly isUsedUp = ({ units, usedMicro }: HeldLease): boolean =>
    units > 0 && usedMicro === units * this.grain;

  private readonly settled = ({ id, usedMicro }: HeldLease): SettledLease => ({
    id,
    used: Math.ceil(usedMicro / this.grain),
  });

  /** Takes whole units out of the hand, from the newest leases, and says how large these are then. */
  private takeFromNewest(units: number): Lease[] {
    this.availableMicro -= units * this.grain;
    const smaller: Lease[] = [];
    for (const lease of this.held.toReversed()) {
      const part = Math.min(units, lease.units - Math.ceil(lease.usedMicro / this.grain));
      if (part === 0) continue;
      lease.units -= part;
      units -= part;
      smaller.push({ id: lease.id, units: lease.units });
    }
    return smaller;
  }

  private take(micro: number): void {
    this.availableMicro -= micro;
    this.reservedMicro += micro;
    this.recentUse.add(micro / this.grain);
  }

  private ask(atLeast: number): void {
    if (this.asking || this.isQuiet(atLeast)) return;
    const usedUp = this.held.filter(this.isUsedUp);
    const atMost = Math.max(atLeast, this.isExact ? this.unitsWaitedFor() : this.unitsOfUse());
    const { limit } = this;
    const request = { ...this.key, limit, atLeast, atMost, usedUp: usedUp.map(this.settled) };
    const certain = this.isUncertain ? this.reconcile() : null;
    const acquire = (): Promise<LeaseAnswer> => this.leases.acquire(request);
    const asking = (certain === null ? acquire() : certain.then(acquire))
      .then(
        (answer) => {
          this.held = this.held.filter((lease) => !usedUp.includes(lease));
          this.takeAnswer(answer, atLeast);
          if (this.limit < limit) this.returnIdle();
        },
        () => this.takeSilence(atLeast),
      )
      .finally(() => {
        this.hasBeenAnswered = true;
        this.endAsking(asking);
      });
    this.asking = asking;
  }

  private takeAnswer(answer: LeaseAnswer, atLeast: number): void {
    this.unleased = answer.unleased;
    switch (answer.kind) {
      case 'granted':
        this.held.push({ ...answer.lease, usedMicro: 0 });
        this.availableMicro += answer.lease.units * this.grain;
        this.lastBlock = answer.lease.units;
        return;
      case 'refused': {
        const heldUnits = this.held.reduce((sum, lease) => sum + lease.units, 0);
        const mayComeBack = answer.lent - heldUnits + this.reservedMicro / this.grain;
        this.beQuiet(answer.unleased + mayComeBack >= atLeast ? 'lent_elsewhere' : 'exceeded', atLeast);
        return;
      }
    }
  }

  private takeSilence(atLeast: number): void {
    this.isUncertain = true;
    this.beQuiet('unavailable', atLeast);
  }

  private beQuiet(verdict: Quiet['verdict'], atLeast: number): void {
    this.quiet = { verdict, atLeast, untilMs: performance.now() + quietMs[verdict] };
  }

  private isQuiet(atLeast: number): boolean {
    return atLeast >= this.quiet.atLeast && performance.now() < this.quiet.untilMs;
  }

  /** First come, first served; then refuses the next one, or asks for it. */
  private serveWaiting(): void {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      if (this.availableMicro >= next.micro) {
        this.take(next.micro);
        this.tell(next, 'reserved');
        continue;
      }
      if (this.asking) return;
      const missing = Math.ceil((next.micro - this.availableMicro) / this.grain);
      if (!this.isQuiet(missing)) return this.ask(missing);
      this.tell(next, this.quiet.verdict);
    }
  }

  private tell(waiting: Waiting, verdict: QuotaVerdict): void {
    clearTimeout(waiting.timer);
    // Taken out of the one list, not left in an old one: that would keep the waiter until all old memory is collected.
    this.waiting.splice(this.waiting.indexOf(waiting), 1);
    waiting.waiter.onQuotaVerdict(verdict);
  }

  private giveUp(waiting: Waiting): void {
    this.hasBeenAnswered = true;
    this.tell(waiting, 'unavailable');
    this.serveWaiting();
  }
}
