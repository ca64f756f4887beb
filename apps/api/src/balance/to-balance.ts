import type { BalanceStatement } from '#services';
import type { z } from 'zod';
import { toMoney } from '../contract/value.schema.js';
import type { balanceStatement } from './balance.schema.js';

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
