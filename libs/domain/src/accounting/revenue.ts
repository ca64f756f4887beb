import { ACCOUNTS, type Account } from './account.js';
import type { JournalEntry } from './journal-entry.js';

/** Revenue of a plan in a calendar month (UTC), in minor units of one currency. */
export interface MonthlyRevenue {
  /** "2026-02". */
  readonly month: string;
  /** "product/plan"; null for what is of none. */
  readonly plan: string | null;
  readonly currency: string;
  /** What was earned by account; credit notes are below zero. */
  readonly byAccount: Readonly<Partial<Record<Account, bigint>>>;
  /** Their sum. */
  readonly totalMinor: bigint;
}

/** Adds up what is said of revenue, by month, plan and currency: as much memory as there are of those. */
export class RevenueSums {
  private readonly sums = new Map<
    string,
    Omit<MonthlyRevenue, 'totalMinor'> & { byAccount: Partial<Record<Account, bigint>> }
  >();

  add({ at, postings }: Pick<JournalEntry, 'at' | 'postings'>, currency: string): void {
    const month = at.toISOString().slice(0, 7);
    for (const { account, plan, amountMinor } of postings) {
      if (ACCOUNTS[account].kind !== 'revenue') continue;
      const key = JSON.stringify([month, plan, currency]);
      const sum = this.sums.get(key) ?? { month, plan, currency, byAccount: {} };
      sum.byAccount[account] = (sum.byAccount[account] ?? 0n) - amountMinor;
      this.sums.set(key, sum);
    }
  }

  /** By month, then plan, then currency; what comes to nothing is left out. */
  toList(): MonthlyRevenue[] {
    const orderOf = ({ month, plan, currency }: Pick<MonthlyRevenue, 'month' | 'plan' | 'currency'>) =>
      `${month} ${plan ?? ''} ${currency}`;
    return [...this.sums.values()]
      .filter(({ byAccount }) => Object.values(byAccount).some((amount) => amount !== 0n))
      .map((sum) => ({
        ...sum,
        totalMinor: Object.values(sum.byAccount).reduce((total, amount) => total + amount, 0n),
      }))
      .toSorted((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
  }
}
