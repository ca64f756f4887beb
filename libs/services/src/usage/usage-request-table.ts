import { displayApiKey } from '#domain';
import type { UsageRequest, UsageRequestFilter, UsageRequestTraits } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type Columns, PAGE_SIZE, type Table, tableOf } from '../table/table.js';
import { listUsageRequests } from './usage-requests.js';

const columns: Columns<UsageRequest> = {
  request_id: ({ requestId }) => requestId,
  admitted_at: ({ admittedAt }) => admittedAt,
  duration_ms: ({ admittedAt, endedAt }) => endedAt.getTime() - admittedAt.getTime(),
  mode: ({ mode }) => mode,
  key: ({ credential, mode }) => (credential.keyId === '' ? 'reported' : displayApiKey(mode, credential.keyId)),
  api: ({ apiVersion }) => apiVersion.api,
  api_version: ({ apiVersion }) => apiVersion.name,
  operation: ({ operation }) => operation,
  method: ({ method }) => method,
  status: ({ status }) => status,
  outcome: ({ outcome }) => outcome,
  billable: ({ billable }) => (billable ? 'yes' : 'no'),
  reason: ({ reason }) => reason,
  counts_to_quota: ({ countsToQuota }) => (countsToQuota ? 'yes' : 'no'),
  quantities: ({ quantities }) =>
    Object.entries(quantities)
      .map(([meter, quantity]) => `${quantity} ${meter}`)
      .join('; '),
  bytes_in: ({ bytesIn }) => bytesIn,
  bytes_out: ({ bytesOut }) => bytesOut,
};

/** The organization's request log as a table, newest first: at most `limit` requests, of which a page is in memory. */
export function usageRequestTable(
  context: ServiceContext,
  { limit, ...filter }: UsageRequestFilter & UsageRequestTraits & { readonly limit: number },
  pageSize = PAGE_SIZE,
): Table {
  return tableOf('Requests', columns, async function* () {
    let left = limit;
    for (let before = filter.before; left > 0;) {
      const page = await listUsageRequests(context, { ...filter, before, limit: Math.min(left, pageSize) });
      if (page.requests.length > 0) yield page.requests;
      if (page.next === null) return;
      left -= page.requests.length;
      before = page.next;
    }
  });
}
