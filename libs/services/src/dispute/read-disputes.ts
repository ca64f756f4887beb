import { type DisputeFilter, type ListedDispute, listDisputes } from '#persistence';
import type { ServiceContext } from '../context.js';

/** Disputes of all organizations, the newest first; a page of them. */
export function readDisputes(
  context: ServiceContext,
  filter: DisputeFilter,
  page: { readonly before: string | null; readonly limit: number },
): Promise<ListedDispute[]> {
  return context.unitOfWork.inSystem((transaction) => listDisputes(transaction, filter, page));
}
