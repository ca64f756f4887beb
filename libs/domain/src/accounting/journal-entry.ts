import type { Account } from './account.js';

/** An amount on one side of an account. */
export interface Posting {
  readonly account: Account;
  /** Debits the account when it is above zero, credits it below; never zero. */
  readonly amountMinor: bigint;
  /** "product/plan" that it is of; null for what is of the whole document. */
  readonly plan: string | null;
}

export type JournalEntryKind =
  | 'invoice'
  | 'balance'
  | 'payment'
  | 'credit_note'
  | 'refund'
  | 'refund_failed'
  | 'dispute'
  | 'dispute_returned'
  | 'recognition'
  | 'uncollectible'
  | 'void'
  | 'adjustment'
  | 'transfer'
  | 'credit_expiry'
  | 'provider_fee';

/** One event in the books: its postings are of one currency and add up to nothing. */
export interface JournalEntry {
  /** The same whenever it is exported: what was imported before can be told by it. */
  readonly id: string;
  readonly kind: JournalEntryKind;
  readonly at: Date;
  /** For people. */
  readonly description: string;
  readonly postings: readonly Posting[];
}

/** Gathers postings; those of one account and plan become one. */
export class Postings {
  private readonly amounts = new Map<string, Posting>();

  /** Debits the account, or credits it when the amount is below zero. */
  debit(account: Account, amountMinor: bigint, plan: string | null = null): this {
    const key = `${account} ${plan ?? ''}`;
    const before = this.amounts.get(key)?.amountMinor ?? 0n;
    this.amounts.set(key, { account, plan, amountMinor: before + amountMinor });
    return this;
  }

  credit(account: Account, amountMinor: bigint, plan: string | null = null): this {
    return this.debit(account, -amountMinor, plan);
  }

  /** In the order in which the accounts came in, without those that are left at zero. */
  toList(): Posting[] {
    return [...this.amounts.values()].filter(({ amountMinor }) => amountMinor !== 0n);
  }
}

/** What `postings` add up to, of one kind of what has the id. */
export function entry(
  kind: JournalEntryKind,
  id: string,
  at: Date,
  description: string,
  postings: Postings,
): JournalEntry {
  return { id: `${kind}:${id}`, kind, at, description, postings: postings.toList() };
}
