import type { ListedCreditProposal } from '#persistence';
import type { CreditStatement } from '#services';
import type { z } from 'zod';
import { toMoney } from '../contract/value.schema.js';
import type { creditProposalList, creditStatement } from './credit.schema.js';

export function toCreditStatement({ stores, grants, entries }: CreditStatement): z.input<typeof creditStatement> {
  return {
    stores: stores.map(({ sellerSlug, sellerName, currency, remainingMinor, pendingMinor, runsOutAtMs }) => ({
      seller: { slug: sellerSlug, name: sellerName },
      remaining: toMoney(remainingMinor, currency),
      pending: toMoney(pendingMinor, currency),
      available: toMoney(remainingMinor - pendingMinor, currency),
      runsOutAt: runsOutAtMs === null ? null : new Date(runsOutAtMs),
    })),
    grants: grants.map((grant) => ({
      ...grant,
      seller: { slug: grant.sellerSlug, name: grant.sellerName },
      amount: toMoney(grant.amountMinor, grant.currency),
      remaining: toMoney(grant.remainingMinor, grant.currency),
    })),
    entries: entries.map((entry) => ({
      ...entry,
      amount: toMoney(entry.amountMinor, entry.currency),
      remaining: toMoney(entry.remainingMinor, entry.currency),
    })),
  };
}

/** A proposal as the person with the id sees it. */
export function toCreditProposal(
  found: ListedCreditProposal,
  userId: string,
): z.input<typeof creditProposalList>['proposals'][number] {
  return {
    ...found,
    seller: found.sellerSlug,
    amount: toMoney(found.amountMinor, found.currency),
    proposedBy: found.proposedByName,
    isOwn: found.proposedBy === userId,
    decidedBy: found.decidedByName,
  };
}
