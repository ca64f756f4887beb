import { type UsageBucket, type UsageSeriesFilter, readUsageSeries } from '#persistence';
import type { ServiceContext } from '../context.js';
import { requireUsageRange } from './usage-range.js';

/**
 * An organization's usage over time from the rollups, oldest first, live and test; spans without usage are left out.
 * @throws InvalidError `usage_range_invalid` when `to` is not after `from`, or there are more than 1500 spans in between.
 */
export function usageSeries(context: ServiceContext, filter: UsageSeriesFilter): Promise<UsageBucket[]> {
  requireUsageRange(filter);
  return context.unitOfWork.inOrganization(filter.organizationId, (transaction) =>
    readUsageSeries(transaction, filter),
  );
}
