/**
 * Whether a unit was taken. `unavailable`: the store does not answer, and the plan refuses then. `unknown`: it has to be
 * waited for.
 */
export type TakeVerdict = 'taken' | 'full' | 'unavailable' | 'unknown';

/** Waits for a unit. */
export interface RateWaiter {
  /** `takenAtMs` is what `giveBack` wants to know of a unit that was taken. */
  onTakeVerdict(verdict: Exclude<TakeVerdict, 'unknown'>, takenAtMs: number): void;
}

/** One short window as requests see it, whoever counts it. Times never decrease from call to call. */
export interface RateWindow {
  /** Takes one unit, or changes nothing. After `unknown`, `wait` may be called. */
  tryTake(nowMs: number): TakeVerdict;
  /** Takes one unit as soon as it is known whether there is one. The waiter is told later, once. */
  wait(nowMs: number, waiter: RateWaiter): void;
  /** Gives a unit back that was taken at `takenAtMs`, as when a later check has refused the request. */
  giveBack(takenAtMs: number): void;
  /** How many units are left now, as far as this gateway knows. */
  remaining(nowMs: number): number;
  /** Milliseconds until the next unit comes back; 0 when all are there. */
  nextUnitInMs(nowMs: number): number;
  /** True when the window is as good as new, so that it can be forgotten. */
  isIdle(nowMs: number): boolean;
}
