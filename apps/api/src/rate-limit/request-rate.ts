export interface RequestRateRules {
  /** Requests in a minute; as many may come at once. */
  readonly perMinute: number;
  /** How many callers are remembered; of more, those that have not called for longest begin anew. */
  readonly maxCallers?: number;
}

/** What is left to a caller after a request. */
export interface RateVerdict {
  /** 0 when the request is welcome, else after how many seconds one is. */
  readonly retryAfterSeconds: number;
  readonly remaining: number;
  /** Seconds until all of them are there again. */
  readonly resetSeconds: number;
}

const MINUTE_MS = 60_000;
const MAX_CALLERS = 20_000;

/** Limits how fast each caller asks (GCRA), by this process alone and in bounded memory. */
export class RequestRate {
  /** By caller, when all of its allowance is there again; who called last is at the end. */
  private readonly fullAtMs = new Map<string, number>();
  private readonly intervalMs: number;

  constructor(private readonly rules: RequestRateRules) {
    this.intervalMs = MINUTE_MS / rules.perMinute;
  }

  /** Counts `units` requests of a caller at once, or none when they are more than what is left. */
  take(caller: string, nowMs: number, units = 1): RateVerdict {
    const before = Math.max(this.fullAtMs.get(caller) ?? nowMs, nowMs);
    const after = before + units * this.intervalMs;
    const overMs = after - nowMs - MINUTE_MS;
    // Sums of fractions end a little beside what they should be.
    if (overMs > 0.001) return this.verdict(before, nowMs, Math.max(1, Math.ceil(overMs / 1000)));
    this.fullAtMs.delete(caller);
    this.fullAtMs.set(caller, after);
    const [oldest] = this.fullAtMs.keys();
    if (this.fullAtMs.size > (this.rules.maxCallers ?? MAX_CALLERS) && oldest !== undefined)
      this.fullAtMs.delete(oldest);
    return this.verdict(after, nowMs, 0);
  }

  private verdict(fullAtMs: number, nowMs: number, retryAfterSeconds: number): RateVerdict {
    const usedMs = fullAtMs - nowMs;
    const remaining = Math.max(0, Math.floor((MINUTE_MS - usedMs) / this.intervalMs + 0.001));
    return { retryAfterSeconds, remaining, resetSeconds: Math.ceil(usedMs / 1000) };
  }
}
