import type { DisputeStanding } from '#domain';
import { type DisputeFilter, type ListedDispute, listDisputeStandings, listDisputes } from '#persistence';
import type { ServiceContext } from '../context.js';

/** Disputes of all organizations, the newest first; a page of them. */
export function readDisputes(
  context: ServiceContext,
  filter: DisputeFilter,
  page: { readonly before: string | null; readonly limit: number },
): Promise<ListedDispute[]> {
  return context.unitOfWork.inSystem((transaction) => listDisputes(transaction, filter, page));
}

/** How many disputes are not over and what they are over, by currency and by who must act. */
export function readDisputeStandings(context: ServiceContext): Promise<DisputeStanding[]> {
  return context.unitOfWork.inSystem(listDisputeStandings);
}
