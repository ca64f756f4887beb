import { InvalidError } from '#domain';
import { type UsageBucket, type UsageBucketSize, type UsageSeriesFilter, readUsageSeries } from '#persistence';
import type { ServiceContext } from '../context.js';

const BUCKET_MS: Readonly<Record<UsageBucketSize, number>> = { quarter: 900_000, hour: 3_600_000, day: 86_400_000 };
const MAX_BUCKETS = 1_500;

/**
 * An organization's usage over time from the rollups, oldest first, live and test; spans without usage are left out.
 * @throws InvalidError `usage_range_invalid` when `to` is not after `from`, or there are more than 1500 spans in between.
 */
export function usageSeries(context: ServiceContext, filter: UsageSeriesFilter): Promise<UsageBucket[]> {
  const spanMs = filter.to.getTime() - filter.from.getTime();
  if (!(spanMs > 0)) throw new InvalidError('usage_range_invalid', '“to” must be later than “from”.');
  if (spanMs / BUCKET_MS[filter.bucket] > MAX_BUCKETS) {
    throw new InvalidError(
      'usage_range_invalid',
      `From “from” to “to” there are more than ${MAX_BUCKETS} spans of a ${filter.bucket}: ask for less, or for larger spans.`,
    );
  }
  return context.unitOfWork.inOrganization(filter.organizationId, (transaction) =>
    readUsageSeries(transaction, filter),
  );
}
