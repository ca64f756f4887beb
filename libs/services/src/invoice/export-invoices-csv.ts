import { formatMinor } from '#domain';
import {
  type ExportedInvoiceLine,
  type InvoiceFilter,
  type InvoiceLineCursor,
  listInvoiceLinePage,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { type CsvCell, csvRows } from '../csv/csv-rows.js';

const columns: Readonly<Record<string, (line: ExportedInvoiceLine) => CsvCell>> = {
  invoice_number: ({ number }) => number,
  invoice_id: ({ invoiceId }) => invoiceId,
  state: ({ state }) => state,
  organization_id: ({ organizationId }) => organizationId,
  organization: ({ organizationName }) => organizationName,
  subscription_id: ({ subscriptionId }) => subscriptionId,
  product: ({ productSlug }) => productSlug,
  plan: ({ planSlug }) => planSlug,
  plan_version: ({ planVersionNumber }) => planVersionNumber,
  period_start: ({ periodStart }) => periodStart.toISOString(),
  period_end: ({ periodEnd }) => periodEnd.toISOString(),
  line: ({ position }) => position,
  kind: ({ kind }) => kind,
  meter: ({ meter }) => meter,
  description: ({ description }) => description,
  quantity: ({ quantity }) => quantity,
  amount_minor: ({ amountMinor }) => amountMinor,
  amount: ({ amountMinor, currency }) => formatMinor(amountMinor, currency),
  currency: ({ currency }) => currency,
  issued_at: ({ issuedAt }) => issuedAt?.toISOString() ?? null,
  paid_at: ({ paidAt }) => paidAt?.toISOString() ?? null,
  seller: ({ sellerName }) => sellerName,
};

const PAGE_SIZE = 1000;

/**
 * Every line of the issued invoices that the filter selects, as CSV (RFC 4180, UTF-8, a header row first), in pieces:
 * however many there are, no more than a page of them is in memory. A cell that a spreadsheet would take for a formula
 * begins with an apostrophe. Each piece ends with a whole row.
 */
export async function* exportInvoicesCsv(
  context: ServiceContext,
  filter: InvoiceFilter = {},
  pageSize = PAGE_SIZE,
): AsyncGenerator<string, void, undefined> {
  yield csvRows([Object.keys(columns)]);
  let after: InvoiceLineCursor | null = null;
  for (;;) {
    const lines = await readPage(context, filter, after, pageSize);
    if (lines.length > 0) yield csvRows(lines.map((line) => Object.values(columns).map((cell) => cell(line))));
    if (lines.length < pageSize) return;
    after = lines.at(-1)!;
  }
}

function readPage(
  { unitOfWork }: ServiceContext,
  filter: InvoiceFilter,
  after: InvoiceLineCursor | null,
  limit: number,
): Promise<ExportedInvoiceLine[]> {
  const { organizationId } = filter;
  return organizationId === undefined
    ? unitOfWork.inSystem((transaction) => listInvoiceLinePage(transaction, filter, after, limit))
    : unitOfWork.inOrganization(organizationId, (transaction) =>
        listInvoiceLinePage(transaction, filter, after, limit),
      );
}
