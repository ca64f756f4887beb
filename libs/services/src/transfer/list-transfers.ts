import { type ListedBankTransfer, listBankTransfers } from '#persistence';
import type { ServiceContext } from '../context.js';

const MAX_PAGE = 200;

/** The newest recorded transfers, older than `before`; of one organization when it is given. At most 200 a page. */
export function listTransfers(
  context: ServiceContext,
  {
    limit = 50,
    ...filter
  }: {
    readonly organizationId?: string | undefined;
    readonly before?: string | undefined;
    readonly limit?: number | undefined;
  } = {},
): Promise<ListedBankTransfer[]> {
  const size = Math.min(Math.max(limit, 1), MAX_PAGE);
  return context.unitOfWork.inSystem((transaction) => listBankTransfers(transaction, { ...filter, limit: size }));
}
