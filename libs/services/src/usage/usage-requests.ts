import { NotFoundError } from '#domain';
import {
  type UsageRequest,
  type UsageRequestFilter,
  type UsageRow,
  listUsageRequests as readUsageRequests,
  listUsageRows,
} from '#persistence';
import type { ServiceContext } from '../context.js';

export interface UsageRequestPage {
  readonly requests: readonly UsageRequest[];
  /** The `before` of the next page; null on the last. */
  readonly next: string | null;
}

/** A request whole: with the rows in which a stream was recorded, the latest first. */
export interface UsageReceipt extends UsageRequest {
  readonly rows: readonly UsageRow[];
}

/** A day of minutes, and some more. */
const MAX_ROWS = 1_500;

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
 * One request of the organization, with its rows: at most the latest 1,500.
 * @throws NotFoundError `usage_request_not_found`, also while the request is on its way to the ledger.
 */
export async function findUsageRequest(
  context: ServiceContext,
  filter: { readonly organizationId: string; readonly requestId: string },
): Promise<UsageReceipt> {
  return context.unitOfWork.inOrganization(filter.organizationId, async (transaction) => {
    const [request] = await readUsageRequests(transaction, filter, 1);
    if (!request) {
      throw new NotFoundError(
        'usage request',
        'There is no such request; one that has just ended takes a few seconds.',
      );
    }
    return { ...request, rows: await listUsageRows(transaction, filter, MAX_ROWS) };
  });
}
