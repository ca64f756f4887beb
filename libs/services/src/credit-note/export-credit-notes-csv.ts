import { formatMinor } from '#domain';
import { type CreditNoteLineCursor, type ExportedCreditNoteLine, listCreditNoteLinePage } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type CsvCell, csvRows } from '../csv/csv-rows.js';

const columns: Readonly<Record<string, (line: ExportedCreditNoteLine) => CsvCell>> = {
  credit_note_number: ({ number }) => number,
  credit_note_id: ({ creditNoteId }) => creditNoteId,
  invoice_number: ({ invoiceNumber }) => invoiceNumber,
  invoice_id: ({ invoiceId }) => invoiceId,
  organization_id: ({ organizationId }) => organizationId,
  organization: ({ organizationName }) => organizationName,
  seller: ({ sellerSlug }) => sellerSlug,
  line: ({ position }) => position,
  description: ({ description }) => description,
  amount_minor: ({ amountMinor }) => amountMinor,
  amount: ({ amountMinor, currency }) => formatMinor(amountMinor, currency),
  currency: ({ currency }) => currency,
  reason: ({ reason }) => reason,
  issued_at: ({ issuedAt }) => issuedAt.toISOString(),
};

const PAGE_SIZE = 1000;

/**
 * Every line of every credit note as CSV, a header row first, in pieces that end with a whole row: no more than a page is in
 * memory. A cell that a spreadsheet would take for a formula begins with an apostrophe.
 */
export async function* exportCreditNotesCsv(
  context: ServiceContext,
  pageSize = PAGE_SIZE,
): AsyncGenerator<string, void, undefined> {
  yield csvRows([Object.keys(columns)]);
  let after: CreditNoteLineCursor | null = null;
  for (;;) {
    const cursor: CreditNoteLineCursor | null = after;
    const lines: ExportedCreditNoteLine[] = await context.unitOfWork.inSystem((transaction) =>
      listCreditNoteLinePage(transaction, cursor, pageSize),
    );
    if (lines.length > 0) yield csvRows(lines.map((line) => Object.values(columns).map((cell) => cell(line))));
    if (lines.length < pageSize) return;
    after = lines.at(-1)!;
  }
}
