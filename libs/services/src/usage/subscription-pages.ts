import { listSubscriptionIds } from '#persistence';
import type { ServiceContext } from '../context.js';
import { pagesOf } from '../table/table.js';

/** Subscriptions whose usage is added up together. */
const PAGE_SIZE = 200;

/** The ids of all subscriptions in their order, so many at a time as a report adds up together. */
export function subscriptionPages({ unitOfWork }: ServiceContext): AsyncIterable<readonly string[]> {
  return pagesOf<string>(PAGE_SIZE, (after, limit) =>
    unitOfWork.inSystem((transaction) => listSubscriptionIds(transaction, after, limit)),
  );
}
