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
