/** More entries than these are never kept. */
const maxEntries = 2_048;
/** So many that are over may stay before the others are moved. */
const mostOver = 64;

/**
 * Units that were spent for good, by the instant under which the store counts them, so that one that was spent in vain can
 * be given back there. Instants never run backwards. Kept as plain numbers: there is an entry for each call of a window that is asked for each.
 */
export class SettledUnits {
  private instants: number[] = [];
  private units: number[] = [];
  /** Before it, entries are over. */
  private first = 0;

  constructor(
    /** How long units can be given back. */
    private readonly keptMs: number,
  ) {}

  /** Adds units; returns the latest instant that was forgotten for it, `-Infinity` for none. */
  add(ms: number, units: number): number {
    const last = this.instants.length - 1;
    if (last >= this.first && this.instants[last] === ms) {
      this.units[last]! += units;
      return -Infinity;
    }
    this.instants.push(ms);
    this.units.push(units);
    let forgottenMs = -Infinity;
    while (this.instants.length - this.first > maxEntries || this.instants[this.first]! < ms - this.keptMs)
      forgottenMs = this.instants[this.first++]!;
    if (this.first > mostOver && this.first > this.instants.length / 2) {
      this.instants = this.instants.slice(this.first);
      this.units = this.units.slice(this.first);
      this.first = 0;
    }
    return forgottenMs;
  }

  /** Takes a unit out again that was spent at an instant, and returns under which one it counts; null when there is none left of then or later. */
  takeBack(spentMs: number): number | null {
    for (let index = this.first; index < this.instants.length; index++) {
      if (this.instants[index]! < spentMs || this.units[index] === 0) continue;
      this.units[index]!--;
      return this.instants[index]!;
    }
    return null;
  }

  clear(): void {
    this.instants = [];
    this.units = [];
    this.first = 0;
  }
}
