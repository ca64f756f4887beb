import { InvalidError } from '#domain';
import {
  type UsageBreakdownFilter,
  type UsageBucketSize,
  type UsageGroupBucket,
  type Slice,
  type UsedOperation,
  type UsedOperationPlace,
  isAboutOperations,
  listUsedOperations,
  nameUsageGroups,
  readUsageBreakdown,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type Table, tableOf } from '../table/table.js';
import { requireUsageRange } from './usage-range.js';

/** A group of a breakdown, in words. */
export interface UsageGroup {
  readonly id: string;
  /** The id again when what it names is gone. */
  readonly label: string;
}

export interface UsageBreakdown {
  /** The groups that have rows of their own. */
  readonly groups: readonly UsageGroup[];
  /** Oldest first; spans without usage are left out. */
  readonly buckets: readonly UsageGroupBucket[];
}

const MAX_FINE_MS = 2 * 86_400_000;

/**
 * An organization's usage over time, told apart by product, operation, application, key or class of status, live and test.
 * @throws InvalidError `usage_range_invalid` when `to` is not after `from`, there are more than 1500 spans in between, or
 *   operations are asked for by the hour over more than two days.
 */
export async function usageBreakdown(context: ServiceContext, filter: UsageBreakdownFilter): Promise<UsageBreakdown> {
  requireReadable(filter);
  return context.unitOfWork.inOrganization(filter.organizationId, async (transaction) => {
    const buckets = await readUsageBreakdown(transaction, filter);
    const ids = [...new Set(buckets.map(({ group }) => group).filter((group) => group !== null))];
    const labels = await nameUsageGroups(transaction, filter.groupBy, ids);
    return { groups: ids.map((id) => ({ id, label: labels.get(id) ?? id })), buckets };
  });
}

/** The same as a table for export, a row for each span, group and meter. @throws InvalidError as `usageBreakdown` does. */
export async function usageBreakdownTable(context: ServiceContext, filter: UsageBreakdownFilter): Promise<Table> {
  const { groups, buckets } = await usageBreakdown(context, filter);
  const labels = new Map(groups.map(({ id, label }) => [id, label]));
  return tableOf<UsageGroupBucket>(
    'Usage',
    {
      from: ({ at }) => at,
      [filter.groupBy]: ({ group }) => (group === null ? 'others' : labels.get(group)!),
      meter: ({ meter }) => meter,
      events: ({ eventCount }) => eventCount,
      quantity: ({ quantity }) => ({ decimal: quantity }),
      billable_quantity: ({ billableQuantity }) => ({ decimal: billableQuantity }),
      failed_quantity: ({ failedQuantity }) => ({ decimal: failedQuantity }),
    },
    () => [buckets],
  );
}

/**
 * The operations that an organization has called on the days of a span (UTC), those with the most events first, from after
 * a place in that order.
 * @throws InvalidError `usage_range_invalid` when `to` is not after `from`.
 */
export async function usedOperations(
  context: ServiceContext,
  filter: { readonly organizationId: string; readonly from: Date; readonly to: Date },
  slice: Slice<UsedOperationPlace> = {},
): Promise<UsedOperation[]> {
  requireUsageRange({ ...filter, bucket: 'day' satisfies UsageBucketSize });
  return context.unitOfWork.inOrganization(filter.organizationId, (transaction) =>
    listUsedOperations(transaction, filter, slice),
  );
}

function requireReadable(filter: UsageBreakdownFilter): void {
  requireUsageRange(filter);
  if (filter.bucket === 'day' || !isAboutOperations(filter)) return;
  if (filter.to.getTime() - filter.from.getTime() <= MAX_FINE_MS) return;
  throw new InvalidError(
    'usage_range_invalid',
    'Usage of operations is told by the hour for two days at most: ask for bucket=day, or for less.',
  );
}
