/** A reading of the clock of dunning. It runs only while Tollgate works and the payment provider answers. */
export interface DunningClockReading {
  /** How long it has run, in milliseconds. */
  readonly runningMs: number;
  /** When it was read, and how far the time machine was ahead then. */
  readonly readAtMs: number;
  readonly offsetMs: number;
}

/** The present, and whether the provider has just answered. */
export interface DunningMoment {
  readonly nowMs: number;
  readonly offsetMs: number;
  readonly hasAnswered: boolean;
}

/**
 * The next reading. Time since the last one counts when it is no longer than `longestGapMs`: a longer one was an outage of ours.
 * What the time machine moved on counts always, and nothing does while the provider does not answer.
 */
export function readDunningClock(
  last: DunningClockReading,
  { nowMs, offsetMs, hasAnswered }: DunningMoment,
  longestGapMs: number,
): DunningClockReading {
  const movedMs = Math.max(0, offsetMs - last.offsetMs);
  const passedMs = Math.max(0, nowMs - last.readAtMs - movedMs);
  const countedMs = movedMs + (passedMs > longestGapMs ? 0 : passedMs);
  return {
    runningMs: last.runningMs + (hasAnswered ? countedMs : 0),
    readAtMs: Math.max(last.readAtMs, nowMs),
    offsetMs: Math.max(last.offsetMs, offsetMs),
  };
}
