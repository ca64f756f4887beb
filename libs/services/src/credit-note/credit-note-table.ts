import { type CreditNoteLineFilter, type ExportedCreditNoteLine, listCreditNoteLinePage } from '#persistence';
import type { ServiceContext } from '../context.js';
import { inScopeOf } from '../invoice/invoice-tables.js';
import { type Columns, PAGE_SIZE, type Table, pagesOf, tableOf } from '../table/table.js';

const columns: Columns<ExportedCreditNoteLine> = {
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
  amount: ({ amountMinor, currency }) => ({ amountMinor, currency }),
  currency: ({ currency }) => currency,
  reason: ({ reason }) => reason,
  issued_at: ({ issuedAt }) => issuedAt,
};

/** Every line of the credit notes that the filter selects, oldest first. */
export function creditNoteTable(
  context: ServiceContext,
  filter: CreditNoteLineFilter = {},
  pageSize = PAGE_SIZE,
): Table {
  return tableOf('Credit notes', columns, () =>
    pagesOf<ExportedCreditNoteLine>(pageSize, (after, limit) =>
      inScopeOf(context, filter, (transaction) => listCreditNoteLinePage(transaction, filter, after, limit)),
    ),
  );
}
