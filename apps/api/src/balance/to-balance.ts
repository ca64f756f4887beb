import type { ListedAdjustment } from '#persistence';
import type { BalanceStatement } from '#services';
import type { z } from 'zod';
import { toMoney } from '../contract/value.schema.js';
import type { adjustment, balanceStatement } from './balance.schema.js';

export function toBalanceStatement({ balances, entries, next }: BalanceStatement): z.input<typeof balanceStatement> {
  return {
    balances: balances.map(({ sellerSlug, sellerName, amountMinor, currency }) => ({
      seller: { slug: sellerSlug, name: sellerName },
      amount: toMoney(amountMinor, currency),
    })),
    entries: entries.map((entry) => ({
      ...entry,
      seller: entry.sellerSlug,
      amount: toMoney(entry.amountMinor, entry.currency),
      balance: toMoney(entry.balanceMinor, entry.currency),
    })),
    next,
  };
}

/** An adjustment as the person with the id sees it. */
export function toAdjustment(found: ListedAdjustment, userId: string): z.input<typeof adjustment> {
  return {
    ...found,
    seller: found.sellerSlug,
    amount: toMoney(found.amountMinor, found.currency),
    proposedBy: found.proposedByName,
    isOwn: found.proposedBy === userId,
    decidedBy: found.decidedByName,
  };
}
