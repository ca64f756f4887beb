const dayMs = 86_400_000;

/** Counts calls with test keys, per application and product and UTC day. In memory: a restart forgives. */
export class TestQuotaBook {
  private day = -1;
  private counts = new Map<string, number>();

  /** Takes one call; false when the day's are used. */
  tryTake(applicationId: string, productId: string, limit: number, nowMs: number): boolean {
    this.turn(nowMs);
    const key = `${applicationId} ${productId}`;
    const count = this.counts.get(key) ?? 0;
    if (count >= limit) return false;
    this.counts.set(key, count + 1);
    return true;
  }

  remaining(applicationId: string, productId: string, limit: number, nowMs: number): number {
    this.turn(nowMs);
    return Math.max(0, limit - (this.counts.get(`${applicationId} ${productId}`) ?? 0));
  }

  private turn(nowMs: number): void {
    const day = Math.floor(nowMs / dayMs);
    if (day === this.day) return;
    this.day = day;
    this.counts = new Map();
  }
}

/** Seconds until the next midnight in UTC, rounded up. */
export function secondsToMidnight(nowMs: number): number {
  return Math.ceil((dayMs - (nowMs % dayMs)) / 1000);
}
