import { type ListedBalance, type ListedBalanceEntry, listBalanceEntries, listBalances } from '#persistence';
import type { ServiceContext } from '../context.js';

const MAX_PAGE = 200;

/** What an organization has in store, and how it came about. */
export interface BalanceStatement {
  readonly balances: readonly ListedBalance[];
  /** Newest first. */
  readonly entries: readonly ListedBalanceEntry[];
  /** The `before` of the next page of entries; null on the last one. */
  readonly next: string | null;
}

/** The balances of an organization with one page of their entries, at most 200. */
export function readBalance(
  context: ServiceContext,
  { organizationId, limit = 50, before }: { organizationId: string; limit?: number; before?: string | undefined },
): Promise<BalanceStatement> {
  const size = Math.min(Math.max(limit, 1), MAX_PAGE);
  return context.unitOfWork.inOrganization(organizationId, async (transaction) => {
    const found = await listBalanceEntries(transaction, organizationId, { limit: size + 1, before });
    const entries = found.slice(0, size);
    return {
      balances: await listBalances(transaction, organizationId),
      entries,
      next: found.length > size ? entries.at(-1)!.id : null,
    };
  });
}
