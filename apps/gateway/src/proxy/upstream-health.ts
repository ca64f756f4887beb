import type { CircuitBreakerPolicy } from '#domain';

/** Repeats that are allowed whatever the share: a quiet upstream must be able to have one. */
const minRepeats = 3;
const maxEjections = 10;

/**
 * What a gateway knows of how an upstream does: how much is under way, and whether it has earned a rest. It outlives
 * changes of the catalogue. Times are of a monotonic clock.
 */
export class UpstreamHealth {
  private active = 0;
  private repeats = 0;
  private failures = 0;
  /** How often the circuit has opened without a success in between. */
  private ejections = 0;
  private openUntilMs = 0;
  /** Until when one request tries whether it is over; 0 for none. One that is never heard of again does not bar others. */
  private probingUntilMs = 0;

  /** How many requests are under way, as far as they are counted. */
  get underWay(): number {
    return this.active;
  }

  /** Milliseconds until another request makes sense; 0 for now. */
  waitMs({ consecutiveFailures, maxConcurrent }: CircuitBreakerPolicy, nowMs: number): number {
    if (maxConcurrent !== null && this.active >= maxConcurrent) return 1;
    if (consecutiveFailures === null || this.ejections === 0) return 0;
    if (nowMs < this.openUntilMs) return this.openUntilMs - nowMs;
    return nowMs < this.probingUntilMs ? 1 : 0;
  }

  /** As `waitMs`; when it is 0 the request counts as the probe, if one is due. */
  tryEnter(policy: CircuitBreakerPolicy, nowMs: number): number {
    const waitMs = this.waitMs(policy, nowMs);
    if (waitMs === 0 && policy.consecutiveFailures !== null && this.ejections > 0)
      this.probingUntilMs = nowMs + policy.openMs;
    return waitMs;
  }

  began(isRepeat: boolean): void {
    this.active++;
    if (isRepeat) this.repeats++;
  }

  ended(isRepeat: boolean): void {
    this.active--;
    if (isRepeat) this.repeats--;
  }

  /** Whether one more repeat keeps within its share of what is under way. */
  mayRepeat(budgetPercent: number): boolean {
    return this.repeats < Math.max(minRepeats, (this.active * budgetPercent) / 100);
  }

  succeeded(): void {
    this.failures = 0;
    this.ejections = 0;
    this.probingUntilMs = 0;
  }

  failed({ consecutiveFailures, openMs }: CircuitBreakerPolicy, nowMs: number): void {
    if (consecutiveFailures === null) return;
    this.failures++;
    if (this.probingUntilMs === 0 && (this.failures < consecutiveFailures || nowMs < this.openUntilMs)) return;
    this.probingUntilMs = 0;
    this.failures = 0;
    this.ejections = Math.min(maxEjections, this.ejections + 1);
    this.openUntilMs = nowMs + openMs * this.ejections;
  }

  /** A request that was let in told nothing, as its caller went away. */
  saidNothing(): void {
    this.probingUntilMs = 0;
  }
}
