import type { BillingPeriodState } from '#domain';
import { type ListedPeriod, listBillingPeriods } from '#persistence';
import type { ServiceContext } from '../context.js';

/** The board of periods for finance: the latest end first, at most `limit` (default 200). */
export function listPeriods(
  context: ServiceContext,
  { state, limit = 200 }: { readonly state?: BillingPeriodState | undefined; readonly limit?: number } = {},
): Promise<ListedPeriod[]> {
  return context.unitOfWork.inSystem((transaction) => listBillingPeriods(transaction, { state, limit }));
}
