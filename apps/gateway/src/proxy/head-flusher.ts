/** Something whose head waits to leave with the first bytes of its body. */
export interface HeadHolder {
  flushHead(): void;
}

/**
 * Lets a head leave together with the first bytes of its body where these come in the same turn of the event loop, and
 * alone where they do not: small answers cost one write, and slow ones show their head at once.
 */
export class HeadFlusher {
  private holders: HeadHolder[] = [];

  /** Flushes the head at the end of this turn. */
  add(holder: HeadHolder): void {
    if (this.holders.push(holder) === 1) setImmediate(this.flush);
  }

  private readonly flush = (): void => {
    const holders = this.holders;
    this.holders = [];
    for (const holder of holders) holder.flushHead();
  };
}
