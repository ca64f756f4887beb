/** Counts one short window in memory, for one process. Times never decrease from call to call. */
export interface Limiter {
  /** Takes one unit, or returns false and changes nothing. */
  tryTake(nowMs: number): boolean;
  /** Gives a unit back that was taken at `takenAtMs`. */
  giveBack(takenAtMs: number): void;
  /** How many units are left now. */
  remaining(nowMs: number): number;
  /** Milliseconds until the next unit comes back; 0 when all are there. */
  nextUnitInMs(nowMs: number): number;
}
