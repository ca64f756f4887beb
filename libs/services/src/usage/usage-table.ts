import { type ExportSpan, type UsageDay, listUsageDayPage } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type Columns, PAGE_SIZE, type Table, pagesOf, tableOf } from '../table/table.js';
import { subscriptionPages } from './subscription-pages.js';

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

/**
 * Live usage of a span, summed by subscription, day (UTC), meter and operation. Days at the bounds of the span have what lies
 * within it, to the quarter of an hour.
 */
export function usageTable(context: ServiceContext, span: ExportSpan, pageSize = PAGE_SIZE): Table {
  return tableOf('Usage', columns, () => usageDayPages(context, span, pageSize));
}

async function* usageDayPages(
  context: ServiceContext,
  span: ExportSpan,
  pageSize: number,
): AsyncGenerator<readonly UsageDay[], void, undefined> {
  for await (const ids of subscriptionPages(context)) {
    yield* pagesOf<UsageDay>(pageSize, (after, limit) =>
      context.unitOfWork.inSystem((transaction) => listUsageDayPage(transaction, ids, span, after, limit)),
    );
  }
}
