/** How many calls are under way at once: of each caller, and in all. */
export class CallSlots {
  private readonly byCaller = new Map<string, number>();
  private total = 0;

  constructor(private readonly rules: { readonly perCaller: number; readonly inAll: number }) {}

  /** Runs the work, or returns null at once when there is no room for it. */
  async run<Result>(caller: string, work: () => Promise<Result>): Promise<Result | null> {
    const own = this.byCaller.get(caller) ?? 0;
    if (own >= this.rules.perCaller || this.total >= this.rules.inAll) return null;
    this.byCaller.set(caller, own + 1);
    this.total += 1;
    try {
      return await work();
    } finally {
      this.total -= 1;
      const left = this.byCaller.get(caller)! - 1;
      if (left === 0) this.byCaller.delete(caller);
      else this.byCaller.set(caller, left);
    }
  }
}
