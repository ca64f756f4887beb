const intervalMs = 500;
const timeoutMs = 5_000;
/** Differences below this are the way of the answer, not a clock that was moved. */
const toleranceMs = 2_000;

/** Keeps the sandbox's clock with one elsewhere, which can be moved ahead as well: reads its time again and again. */
export class ClockFollower {
  private timer: NodeJS.Timeout | undefined;
  private readonly closing = new AbortController();

  /** `url` answers a JSON object with the time in `now`, ISO 8601. */
  constructor(
    private readonly url: string,
    private readonly nowMs: () => number,
    private readonly moveTo: (instantMs: number) => Promise<void>,
  ) {}

  start(): void {
    this.timer = setTimeout(() => {
      void this.follow().finally(() => {
        if (!this.closing.signal.aborted) this.start();
      });
    }, intervalMs);
  }

  close(): void {
    this.closing.abort();
    clearTimeout(this.timer);
  }

  private async follow(): Promise<void> {
    try {
      const signal = AbortSignal.any([this.closing.signal, AbortSignal.timeout(timeoutMs)]);
      const answer = (await (await fetch(this.url, { signal })).json()) as { now?: unknown };
      const instantMs = Date.parse(String(answer.now));
      if (instantMs > this.nowMs() + toleranceMs) await this.moveTo(instantMs);
    } catch {
      // Not up yet, or down: the clock runs on by itself until it is there again.
    }
  }
}
