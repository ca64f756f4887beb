/** The sandbox's only source of time; tests pass their own. */
export interface SandboxClock {
  /** Whole milliseconds since the Unix epoch. */
  nowMs(): number;
}

export const systemClock: SandboxClock = { nowMs: () => Date.now() };

/** Stripe's unit of time: whole seconds since the Unix epoch. */
export function nowSeconds(clock: SandboxClock): number {
  return Math.floor(clock.nowMs() / 1000);
}

/** Another clock that can be moved ahead of it, and never back. */
export class MovableClock implements SandboxClock {
  constructor(
    private readonly base: SandboxClock,
    private aheadMs = 0,
  ) {}

  nowMs(): number {
    return this.base.nowMs() + this.aheadMs;
  }

  /** How far ahead it runs. */
  get offsetMs(): number {
    return this.aheadMs;
  }

  /** Moves it to the instant; one that has passed changes nothing. */
  moveTo(instantMs: number): void {
    this.aheadMs = Math.max(this.aheadMs, instantMs - this.base.nowMs());
  }
}
