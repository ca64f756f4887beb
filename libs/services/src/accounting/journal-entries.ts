import {
  type JournalEntry,
  adjustmentEntry,
  creditExpiryEntry,
  invoiceEntries,
  providerFeeEntry,
  transferEntry,
} from '#domain';
import {
  type BookedParty,
  type ExportSpan,
  type ListedBookedAdjustment,
  type ListedBookedCreditExpiry,
  type ListedBookedFee,
  type ListedBookedInvoice,
  type ListedBookedTransfer,
  listBookedAdjustmentPage,
  listBookedCreditExpiryPage,
  listBookedFeePage,
  listBookedInvoicePage,
  listBookedTransferPage,
} from '#persistence';
import type { ServiceContext } from '../context.js';
import { pagesOf } from '../table/table.js';

/** An entry of the books, and whose document it is of. */
export interface DocumentedEntry extends BookedParty {
  readonly entry: JournalEntry;
  /** The number of the invoice; null for what is of none, and for one over nothing. */
  readonly invoiceNumber: string | null;
}

/** Documents that are in memory at a time. */
const BOOKED_PAGE_SIZE = 500;

/**
 * The entries that fall into a span, in pages: those of each invoice in the order of time, invoices in the order in which they
 * were made, then changes of balances by hand, then transfers beyond what was due, then credits that
 * expired, then fees of the payment provider. Together they are the books of the span; see `invoiceEntries`.
 */
export async function* journalEntryPages(
  { unitOfWork }: ServiceContext,
  span: ExportSpan,
  pageSize = BOOKED_PAGE_SIZE,
): AsyncGenerator<readonly DocumentedEntry[], void, undefined> {
  const isWithin = ({ at }: JournalEntry) => (!span.from || at >= span.from) && (!span.to || at < span.to);
  const invoices = pagesOf<ListedBookedInvoice>(pageSize, (last, limit) =>
    unitOfWork.inSystem((transaction) => listBookedInvoicePage(transaction, span, last?.id ?? null, limit)),
  );
  for await (const page of invoices)
    yield page.flatMap((invoice) =>
      invoiceEntries(invoice)
        .filter(isWithin)
        .map((entry) => documented(invoice, entry, invoice.number)),
    );
  const adjustments = pagesOf<ListedBookedAdjustment>(pageSize, (last, limit) =>
    unitOfWork.inSystem((transaction) => listBookedAdjustmentPage(transaction, span, last?.id ?? null, limit)),
  );
  for await (const page of adjustments)
    yield page.map((adjustment) => documented(adjustment, adjustmentEntry(adjustment), null));
  const transfers = pagesOf<ListedBookedTransfer>(pageSize, (last, limit) =>
    unitOfWork.inSystem((transaction) => listBookedTransferPage(transaction, span, last?.id ?? null, limit)),
  );
  for await (const page of transfers) yield page.map((transfer) => documented(transfer, transferEntry(transfer), null));
  const expiries = pagesOf<ListedBookedCreditExpiry>(pageSize, (last, limit) =>
    unitOfWork.inSystem((transaction) => listBookedCreditExpiryPage(transaction, span, last?.id ?? null, limit)),
  );
  for await (const page of expiries) yield page.map((expiry) => documented(expiry, creditExpiryEntry(expiry), null));
  const fees = pagesOf<ListedBookedFee>(pageSize, (last, limit) =>
    unitOfWork.inSystem((transaction) => listBookedFeePage(transaction, span, last?.id ?? null, limit)),
  );
  for await (const page of fees) yield page.map((fee) => documented(fee, providerFeeEntry(fee), fee.invoiceNumber));
}

function documented(
  { organizationId, organizationName, sellerSlug, currency }: BookedParty,
  entry: JournalEntry,
  invoiceNumber: string | null,
): DocumentedEntry {
  return { organizationId, organizationName, sellerSlug, currency, entry, invoiceNumber };
}
