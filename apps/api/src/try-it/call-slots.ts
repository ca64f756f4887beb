/** How many calls a person may have under way at the same time. */
const MAX_UNDER_WAY = 4;

/** Counts the calls of each person that are under way in this process. */
export class CallSlots {
  private readonly underWay = new Map<string, number>();

  /** Does the work when the person has a slot; null, and nothing done, when they have none. */
  async within<Result>(userId: string, work: () => Promise<Result>): Promise<Result | null> {
    const count = this.underWay.get(userId) ?? 0;
    if (count >= MAX_UNDER_WAY) return null;
    this.underWay.set(userId, count + 1);
    try {
      return await work();
    } finally {
      const left = this.underWay.get(userId)! - 1;
      if (left === 0) this.underWay.delete(userId);
      else this.underWay.set(userId, left);
    }
  }
}
