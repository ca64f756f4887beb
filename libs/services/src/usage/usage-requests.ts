import { NotFoundError } from '#domain';
import { type UsageRequest, type UsageRequestFilter, listUsageRequests as readUsageRequests } from '#persistence';
import type { ServiceContext } from '../context.js';

export interface UsageRequestPage {
  readonly requests: readonly UsageRequest[];
  /** The `before` of the next page; null on the last. */
  readonly next: string | null;
}

/** The organization's requests, newest first, `limit` at a time. */
export async function listUsageRequests(
  context: ServiceContext,
  { limit, ...filter }: UsageRequestFilter & { readonly limit: number },
): Promise<UsageRequestPage> {
  const found = await context.unitOfWork.inOrganization(filter.organizationId, (transaction) =>
    readUsageRequests(transaction, filter, limit + 1),
  );
  const requests = found.slice(0, limit);
  return { requests, next: found.length > limit ? requests.at(-1)!.requestId : null };
}

/**
 * One request of the organization.
 * @throws NotFoundError `usage_request_not_found`, also while the request is on its way to the ledger.
 */
export async function findUsageRequest(
  context: ServiceContext,
  filter: { readonly organizationId: string; readonly requestId: string },
): Promise<UsageRequest> {
  const { requests } = await listUsageRequests(context, { ...filter, limit: 1 });
  if (!requests[0]) {
    throw new NotFoundError('usage request', 'There is no such request; one that has just ended takes a few seconds.');
  }
  return requests[0];
}
