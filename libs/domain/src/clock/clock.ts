/**
 * The one source of time. Everything that decides by time takes a `Clock`, so that tests and the time machine can
 * set it. Values are UTC.
 */
export interface Clock {
  /** The current instant, in whole milliseconds since the Unix epoch. */
  nowMs(): number;
  /** The current instant as a `Date` of its own: changing it changes nothing else. */
  now(): Date;
}

/** A clock that stands still until it is told to move; for tests and simulations. */
export class FixedClock implements Clock {
  private currentMs: number;

  constructor(at: Date | string | number) {
    this.currentMs = new Date(at).getTime();
  }

  nowMs(): number {
    return this.currentMs;
  }

  now(): Date {
    return new Date(this.currentMs);
  }

  /** Moves to `at`; going back is refused, as no part of Tollgate may see time run backwards. */
  moveTo(at: Date | string | number): void {
    const target = new Date(at).getTime();
    if (target < this.currentMs) throw new RangeError('a clock never runs backwards');
    this.currentMs = target;
  }
}
