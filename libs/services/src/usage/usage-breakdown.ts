import { InvalidError } from '#domain';
import {
  type UsageBreakdownFilter,
  type UsageBucketSize,
  type UsageGroupBucket,
  type Slice,
  type Transaction,
  type UsedOperation,
  type UsedOperationPlace,
  isAboutOperations,
  listUsedOperations,
  nameUsageGroups,
  readUsageBreakdown,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type Table, tableOf } from '../table/table.js';
import { findOwnProduct } from '../plan/own-plan.js';
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

/** Of one organization. */
type OwnUsageFilter = UsageBreakdownFilter & { readonly organizationId: string };

const DAY_MS = 86_400_000;
const MAX_FINE_MS = 2 * DAY_MS;

/**
 * An organization's usage over time, told apart by product, operation, application, key or class of status, live and test.
 * @throws InvalidError `usage_range_invalid` when `to` is not after `from`, there are more than 1500 spans in between, or
 *   operations are asked for by the hour over more than two days.
 */
export async function usageBreakdown(context: ServiceContext, filter: OwnUsageFilter): Promise<UsageBreakdown> {
  requireReadable(filter);
  return context.unitOfWork.inOrganization(filter.organizationId, (transaction) =>
    breakdownWithin(transaction, filter),
  );
}

/** Which calls of a product, of all its callers. */
export interface ProductUsageFilter extends Pick<
  UsageBreakdownFilter,
  'groupBy' | 'limit' | 'apiVersionId' | 'operation'
> {
  /** Slug of the product. */
  readonly product: string;
  /** As many days (UTC), today among them. */
  readonly days: number;
  readonly publisherUserId: string;
}

/**
 * How a product is used by the day, live, told apart by caller, operation or class of status: for its publisher team.
 * @throws NotFoundError `product_not_found`
 */
export function productUsage(
  context: ServiceContext,
  { product: slug, days, publisherUserId, ...filter }: ProductUsageFilter,
): Promise<UsageBreakdown & { readonly from: Date; readonly to: Date }> {
  const to = context.clock.now();
  const from = new Date(to.getTime() - (days - 1) * DAY_MS);
  return context.unitOfWork.inSystem(async (transaction) => {
    const { id: apiProductId } = await findOwnProduct(transaction, { slug, publisherUserId });
    const range = { organizationId: null, from, to, bucket: 'day', mode: 'live', apiProductId } as const;
    return { from, to, ...(await breakdownWithin(transaction, { ...filter, ...range })) };
  });
}

async function breakdownWithin(transaction: Transaction, filter: UsageBreakdownFilter): Promise<UsageBreakdown> {
  const buckets = await readUsageBreakdown(transaction, filter);
  const ids = [...new Set(buckets.map(({ group }) => group).filter((group) => group !== null))];
  const labels = await nameUsageGroups(transaction, filter.groupBy, ids);
  return { groups: ids.map((id) => ({ id, label: labels.get(id) ?? id })), buckets };
}

/** The same as a table for export, a row for each span, group and meter. @throws InvalidError as `usageBreakdown` does. */
export async function usageBreakdownTable(context: ServiceContext, filter: OwnUsageFilter): Promise<Table> {
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
