import { type PublicPlace, countPublicPlaces, listPublicPlaces } from '#persistence';
import type { ServiceContext } from '../context.js';

/** How many products, terms and API versions anybody can read of. */
export function countPublicPages(context: ServiceContext): Promise<number> {
  return context.unitOfWork.inSystem(countPublicPlaces);
}

/** At most `limit` of them after the first `offset`: only what somebody can subscribe to without an invitation, no drafts, nothing retired. */
export function listPublicPages(
  context: ServiceContext,
  slice: { readonly offset: number; readonly limit: number },
): Promise<PublicPlace[]> {
  return context.unitOfWork.inSystem((transaction) => listPublicPlaces(transaction, slice));
}
