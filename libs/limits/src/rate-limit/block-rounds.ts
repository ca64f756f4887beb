/** A window with a block that must be ended, or replaced, when its time comes. */
export interface WindowWithBlock {
  /** When its block should be looked at next; what is past means soon. */
  nextLookMs(nowMs: number): number;
  /** True when there is nothing to be ended any more. */
  endBlock(nowMs: number): boolean;
}

/** From one look to the next. */
export const roundMs = 100;

/**
 * Looks at each block when its time comes. There may be one for each of a hundred thousand callers, so that a look at all of them,
 * ten times a second, would hold up the calls: windows lie in a list for each tenth of a second.
 */
export class BlockRounds {
  private readonly known = new Set<WindowWithBlock>();
  private readonly byRound = new Map<number, WindowWithBlock[]>();
  private lastMs = 0;

  /** A window that is there already stays where it is: when it is looked at, it says when it wants to be looked at again. */
  add(window: WindowWithBlock): void {
    if (this.known.has(window)) return;
    this.known.add(window);
    this.place(window);
  }

  /** Ends the blocks whose time has come: at most a round late. */
  end(nowMs: number): void {
    this.lastMs = nowMs;
    const now = roundOf(nowMs);
    for (const [round, windows] of this.byRound) {
      if (round > now) continue;
      this.byRound.delete(round);
      for (const window of windows) {
        if (window.endBlock(nowMs)) this.known.delete(window);
        else this.place(window);
      }
    }
  }

  private place(window: WindowWithBlock): void {
    const round = Math.max(roundOf(window.nextLookMs(this.lastMs)), roundOf(this.lastMs) + 1);
    const windows = this.byRound.get(round);
    if (windows) windows.push(window);
    else this.byRound.set(round, [window]);
  }
}

function roundOf(ms: number): number {
  return Math.floor(ms / roundMs);
}
