import type { Limiter } from './limiter.js';

/** Limits up to this size remember every admission by its millisecond. */
const exactUpTo = 1024;
const initialCapacity = 8;

/** Admissions within this many milliseconds are remembered as one. */
export function sliceMsOf(limit: number, windowMs: number): number {
  return limit <= exactUpTo ? 1 : Math.ceil(windowMs / exactUpTo);
}

/**
 * Admits at most `limit` in any window of `windowMs`, whenever the window begins. In memory, for one process.
 *
 * Algorithm: a sliding log. Each admission counts until `windowMs` after it happened. Admissions of the same slice of
 * time share an entry of a ring. A slice is one millisecond, the resolution of the clock, for limits up to 1,024: then
 * nothing is ever refused that the definition admits. For larger limits it is a 1,024th of the window, and an entry
 * counts until its *last* possible admission has left the window: never more than `limit` are admitted, and a unit comes
 * back up to 0.1 % of the window late.
 *
 * Memory: at most 1,025 entries (room for 2,048 of 12 bytes); it grows with use only. Time: constant on average.
 */
export class SlidingWindowLimiter implements Limiter {
  private readonly sliceMs: number;
  private slices = new Float64Array(initialCapacity);
  private counts = new Uint32Array(initialCapacity);
  private head = 0;
  private size = 0;
  private total = 0;

  constructor(
    readonly limit: number,
    readonly windowMs: number,
  ) {
    this.sliceMs = sliceMsOf(limit, windowMs);
  }

  /** Takes one unit, or returns false and changes nothing. `nowMs` never decreases from call to call. */
  tryTake(nowMs: number): boolean {
    this.expire(nowMs);
    if (this.total >= this.limit) return false;
    const slice = Math.floor(nowMs / this.sliceMs);
    const tail = this.at(this.size - 1);
    if (this.size > 0 && this.slices[tail] === slice) this.counts[tail]! += 1;
    else this.push(slice);
    this.total++;
    return true;
  }

  /** Gives a unit back that was taken at `takenAtMs`, as when a later check has refused the request. */
  giveBack(takenAtMs: number): void {
    const slice = Math.floor(takenAtMs / this.sliceMs);
    for (let index = this.size - 1; index >= 0; index--) {
      const place = this.at(index);
      if (this.slices[place] !== slice || this.counts[place] === 0) continue;
      this.counts[place]! -= 1;
      this.total--;
      break;
    }
    while (this.size > 0 && this.counts[this.at(this.size - 1)] === 0) this.size--;
  }

  /** How many units are left now. */
  remaining(nowMs: number): number {
    this.expire(nowMs);
    return this.limit - this.total;
  }

  /** Milliseconds until the next unit comes back; 0 when all are there. */
  nextUnitInMs(nowMs: number): number {
    this.expire(nowMs);
    return this.size === 0 ? 0 : this.expiryOf(this.head) - nowMs;
  }

  private expire(nowMs: number): void {
    while (this.size > 0 && (this.counts[this.head] === 0 || this.expiryOf(this.head) <= nowMs)) {
      this.total -= this.counts[this.head]!;
      this.head = (this.head + 1) % this.slices.length;
      this.size--;
    }
  }

  private expiryOf(place: number): number {
    return (this.slices[place]! + 1) * this.sliceMs - 1 + this.windowMs;
  }

  private at(index: number): number {
    return (this.head + index) % this.slices.length;
  }

  private push(slice: number): void {
    if (this.size === this.slices.length) this.repack();
    const place = this.at(this.size++);
    this.slices[place] = slice;
    this.counts[place] = 1;
  }

  /** Drops the entries that were given back, and doubles the ring when that frees too little. */
  private repack(): void {
    const kept = Array.from({ length: this.size }, (_, index) => this.at(index)).filter(
      (place) => this.counts[place]! > 0,
    );
    const capacity = kept.length * 2 > this.slices.length ? this.slices.length * 2 : this.slices.length;
    const slices = new Float64Array(capacity);
    const counts = new Uint32Array(capacity);
    for (const [index, place] of kept.entries()) {
      slices[index] = this.slices[place]!;
      counts[index] = this.counts[place]!;
    }
    this.slices = slices;
    this.counts = counts;
    this.head = 0;
    this.size = kept.length;
  }
}
