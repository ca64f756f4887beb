import { dueMinor } from '#domain';
import {
  type ExportedInvoiceLine,
  type InvoiceFilter,
  type ListedInvoice,
  type Transaction,
  listInvoiceLinePage,
  listInvoicePage,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type Columns, PAGE_SIZE, type Table, pagesOf, tableOf } from '../table/table.js';

const lineColumns: Columns<ExportedInvoiceLine> = {
  invoice_number: ({ number }) => number,
  invoice_id: ({ invoiceId }) => invoiceId,
  state: ({ state }) => state,
  organization_id: ({ organizationId }) => organizationId,
  organization: ({ organizationName }) => organizationName,
  subscription_id: ({ subscriptionId }) => subscriptionId,
  product: ({ productSlug }) => productSlug,
  plan: ({ planSlug }) => planSlug,
  plan_version: ({ planVersionNumber }) => planVersionNumber,
  period_start: ({ periodStart }) => periodStart,
  period_end: ({ periodEnd }) => periodEnd,
  line: ({ position }) => position,
  kind: ({ kind }) => kind,
  meter: ({ meter }) => meter,
  description: ({ description }) => description,
  quantity: ({ quantity }) => ({ decimal: quantity }),
  amount_minor: ({ amountMinor }) => amountMinor,
  amount: ({ amountMinor, currency }) => ({ amountMinor, currency }),
  currency: ({ currency }) => currency,
  issued_at: ({ issuedAt }) => issuedAt,
  paid_at: ({ paidAt }) => paidAt,
  seller: ({ sellerName }) => sellerName,
  tax_category: ({ taxCategory }) => taxCategory,
  tax_percent: ({ taxPercent }) => (taxPercent === null ? null : { decimal: taxPercent }),
  purchase_order: ({ purchaseOrderNumber }) => purchaseOrderNumber,
  payment_method: ({ paymentMethod }) => paymentMethod,
  due_at: ({ dueAt }) => dueAt,
};

const invoiceColumns: Columns<ListedInvoice> = {
  invoice_number: ({ number }) => number,
  invoice_id: ({ id }) => id,
  state: ({ state }) => state,
  organization_id: ({ organization }) => organization.id,
  organization: ({ organization }) => organization.name,
  seller: ({ seller }) => seller.name,
  product: ({ product }) => product.slug,
  period_start: ({ periodStart }) => periodStart,
  period_end: ({ periodEnd }) => periodEnd,
  subtotal: ({ subtotalMinor: amountMinor, currency }) => ({ amountMinor, currency }),
  tax: ({ taxMinor: amountMinor, currency }) => ({ amountMinor, currency }),
  total: ({ totalMinor: amountMinor, currency }) => ({ amountMinor, currency }),
  balance_applied: ({ balanceAppliedMinor: amountMinor, currency }) => ({ amountMinor, currency }),
  due: (invoice) => ({ amountMinor: dueMinor(invoice), currency: invoice.currency }),
  currency: ({ currency }) => currency,
  issued_at: ({ issuedAt }) => issuedAt,
  paid_at: ({ paidAt }) => paidAt,
  payment_method: ({ paymentMethod }) => paymentMethod,
  due_at: ({ dueAt }) => dueAt,
  past_due_since: ({ pastDueSince }) => pastDueSince,
  carried_at: ({ carriedAt }) => carriedAt,
  collected_with: ({ collectedWith }) => collectedWith?.number ?? null,
  carried_in: ({ carriedInMinor: amountMinor, currency }) => ({ amountMinor, currency }),
};

/** Every line of the issued invoices that the filter selects, oldest first. */
export function invoiceLineTable(context: ServiceContext, filter: InvoiceFilter, pageSize = PAGE_SIZE): Table {
  return tableOf('Lines', lineColumns, () =>
    pagesOf<ExportedInvoiceLine>(pageSize, (after, limit) =>
      inScopeOf(context, filter, (transaction) => listInvoiceLinePage(transaction, filter, after, limit)),
    ),
  );
}

/** The issued invoices that the filter selects, oldest first. */
export function invoiceTable(context: ServiceContext, filter: InvoiceFilter, pageSize = PAGE_SIZE): Table {
  return tableOf('Invoices', invoiceColumns, () => issuedInvoicePages(context, filter, pageSize));
}

/** Pages of the issued invoices that the filter selects, oldest first. */
export async function* issuedInvoicePages(
  context: ServiceContext,
  filter: InvoiceFilter,
  pageSize: number,
): AsyncGenerator<readonly ListedInvoice[], void, undefined> {
  const pages = pagesOf<ListedInvoice>(pageSize, (last, limit) =>
    inScopeOf(context, filter, (transaction) =>
      listInvoicePage(transaction, filter, { limit, after: last?.id ?? null }),
    ),
  );
  for await (const page of pages) yield page.filter(({ issuedAt }) => issuedAt !== null);
}

/** Work that sees the organization of a filter only, or all when it names none, which is for finance. */
export function inScopeOf<Result>(
  { unitOfWork }: ServiceContext,
  { organizationId }: Pick<InvoiceFilter, 'organizationId'>,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return organizationId === undefined ? unitOfWork.inSystem(work) : unitOfWork.inOrganization(organizationId, work);
}
