import { type ExportSpan, type UsageDay, listSubscriptionIds, listUsageDayPage } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type Columns, PAGE_SIZE, type Table, pagesOf, tableOf } from '../table/table.js';

const columns: Columns<UsageDay> = {
  day: ({ day }) => day.toISOString().slice(0, 10),
  organization_id: ({ organizationId }) => organizationId,
  organization: ({ organizationName }) => organizationName,
  subscription_id: ({ subscriptionId }) => subscriptionId,
  product: ({ productSlug }) => productSlug,
  meter: ({ meter }) => meter,
  api: ({ apiSlug }) => apiSlug,
  api_version: ({ apiVersionName }) => apiVersionName,
  operation: ({ operation }) => operation,
  events: ({ eventCount }) => eventCount,
  quantity: ({ quantity }) => ({ decimal: quantity }),
  billable_events: ({ billableEventCount }) => billableEventCount,
  billable_quantity: ({ billableQuantity }) => ({ decimal: billableQuantity }),
};

/** Subscriptions whose usage is added up together. */
const SUBSCRIPTIONS = 200;

/**
 * Live usage of a span, summed by subscription, day (UTC), meter and operation. Days at the bounds of the span have what lies
 * within it, to the quarter of an hour.
 */
export function usageTable(context: ServiceContext, span: ExportSpan, pageSize = PAGE_SIZE): Table {
  return tableOf('Usage', columns, () => usageDayPages(context, span, pageSize));
}

async function* usageDayPages(
  { unitOfWork }: ServiceContext,
  span: ExportSpan,
  pageSize: number,
): AsyncGenerator<readonly UsageDay[], void, undefined> {
  const subscriptions = pagesOf<string>(SUBSCRIPTIONS, (after, limit) =>
    unitOfWork.inSystem((transaction) => listSubscriptionIds(transaction, after, limit)),
  );
  for await (const ids of subscriptions) {
    yield* pagesOf<UsageDay>(pageSize, (after, limit) =>
      unitOfWork.inSystem((transaction) => listUsageDayPage(transaction, ids, span, after, limit)),
    );
  }
}
