import { type ExportSpan, type LateUsage, listBilledLateUsagePage, listWaitingLateUsage } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type Columns, PAGE_SIZE, type Table, pagesOf, tableOf } from '../table/table.js';
import { subscriptionPages } from './subscription-pages.js';

const columns: Columns<LateUsage> = {
  organization_id: ({ organizationId }) => organizationId,
  organization: ({ organizationName }) => organizationName,
  subscription_id: ({ subscriptionId }) => subscriptionId,
  product: ({ productSlug }) => productSlug,
  plan: ({ planSlug }) => planSlug,
  meter: ({ meter }) => meter,
  period_start: ({ periodStart }) => periodStart,
  period_end: ({ periodEnd }) => periodEnd,
  quantity: ({ quantity }) => ({ decimal: quantity }),
  settled_period_start: ({ settledPeriodStart }) => settledPeriodStart,
  settled_period_end: ({ settledPeriodEnd }) => settledPeriodEnd,
  invoice_number: ({ billed }) => billed?.number ?? null,
  invoice_id: ({ billed }) => billed?.invoiceId ?? null,
  state: ({ billed }) => billed?.state ?? 'waiting',
  amount: ({ billed }) => billed && { amountMinor: billed.amountMinor, currency: billed.currency },
  currency: ({ billed }) => billed?.currency ?? null,
  issued_at: ({ billed }) => billed?.issuedAt ?? null,
};

/**
 * Usage that settled in a later period than its own: what invoices that were made in the span bill, and then, unless the span
 * has an end, what waits for its period to close, without an amount.
 */
export function lateUsageTable(context: ServiceContext, span: ExportSpan, pageSize = PAGE_SIZE): Table {
  return tableOf('Late usage', columns, () => lateUsagePages(context, span, pageSize));
}

async function* lateUsagePages(
  context: ServiceContext,
  span: ExportSpan,
  pageSize: number,
): AsyncGenerator<readonly LateUsage[], void, undefined> {
  const { unitOfWork } = context;
  yield* pagesOf<LateUsage>(pageSize, (after, limit) =>
    unitOfWork.inSystem((transaction) => listBilledLateUsagePage(transaction, span, after, limit)),
  );
  if (span.to) return;
  for await (const ids of subscriptionPages(context))
    yield await unitOfWork.inSystem((transaction) => listWaitingLateUsage(transaction, ids));
}
