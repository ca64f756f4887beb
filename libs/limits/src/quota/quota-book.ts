import { type HandOptions, QuotaHand } from './quota-hand.js';
import type { QuotaKey, QuotaLeases } from './quota-leases.js';

interface Entry {
  readonly hand: QuotaHand;
  readonly periodEndMs: number;
}

/** The hands of one gateway: one for each hard quota and period that is in use. */
export class QuotaBook {
  private readonly entries = new Map<string, Entry>();

  /** Units that are not in hand are waited for at most `waitMs`, by default a quarter of a second. */
  constructor(
    private readonly leases: QuotaLeases,
    private readonly waitMs?: number,
  ) {}

  /** The hand of a quota, empty at first. */
  hand(key: QuotaKey, limit: number, periodEndMs: number, options?: HandOptions): QuotaHand {
    const name = nameOf(key);
    const entry = this.entries.get(name);
    if (entry) return entry.hand;
    const hand = new QuotaHand(key, limit, this.leases, options, this.waitMs);
    this.entries.set(name, { hand, periodEndMs });
    return hand;
  }

  /** How many leases are open in all hands. */
  get leaseCount(): number {
    return [...this.entries.values()].reduce((sum, { hand }) => sum + hand.leaseCount, 0);
  }

  /**
   * Ends the leases of periods that ended at or before `beforeMs`, when every request admitted before then has ended.
   * @throws QuotaStoreError; what is left is tried again by the next call.
   */
  async settleEnded(beforeMs: number): Promise<void> {
    for (const [name, { hand, periodEndMs }] of this.entries) {
      if (periodEndMs > beforeMs || !hand.isIdle) continue;
      await hand.settle();
      this.entries.delete(name);
    }
  }

  /**
   * Ends all leases with what was used of them: for a clean stop, when every request has ended.
   * @throws QuotaStoreError after having tried them all; what is left open is settled from the ledger later.
   */
  async settleAll(): Promise<void> {
    const results = await Promise.allSettled([...this.entries.values()].map(({ hand }) => hand.settle()));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /**
   * Another gateway needs units of this quota: gives back half of those that lie idle here, if any.
   * @throws QuotaStoreError
   */
  async giveBack(key: Omit<QuotaKey, 'organizationId'>): Promise<void> {
    await this.entries.get(nameOf(key))?.hand.giveBack();
  }
}

function nameOf({ subscriptionId, meter, periodStartMs, phaseId = '' }: Omit<QuotaKey, 'organizationId'>): string {
  return `${subscriptionId} ${periodStartMs} ${phaseId} ${meter}`;
}
