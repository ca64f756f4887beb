import { type CreditNote, type CreditNoteLine, type InvoiceTax, NotFoundError, type Refund } from '#domain';
import { listCreditNoteLines, listCreditNoteTaxes } from '#persistence';
import type { ServiceContext } from '../context.js';
import { type InvoiceReference, findInvoiceDocument } from '../invoice/find-invoices.js';
import type { InvoiceDocument } from '../invoice/document/invoice-document.js';

/** Everything that is printed on a credit note. */
export interface CreditNoteDocument {
  readonly note: CreditNote;
  readonly lines: readonly CreditNoteLine[];
  /** What it gives back of each tax of the invoice. */
  readonly taxes: readonly InvoiceTax[];
  /** What of it goes to the card; null when nothing does. */
  readonly refund: Refund | null;
  /** What it corrects. */
  readonly invoice: InvoiceDocument;
}

/** @throws NotFoundError `invoice_not_found`, `credit_note_not_found`, also for those of another organization. */
export async function findCreditNoteDocument(
  context: ServiceContext,
  { creditNoteId, ...reference }: InvoiceReference & { readonly creditNoteId: string },
): Promise<CreditNoteDocument> {
  const invoice = await findInvoiceDocument(context, reference);
  const note = invoice.invoice.creditNotes.find(({ id }) => id === creditNoteId);
  if (!note) throw new NotFoundError('credit note');
  return context.unitOfWork.inOrganization(note.organizationId, async (transaction) => ({
    note,
    lines: await listCreditNoteLines(transaction, creditNoteId),
    taxes: await listCreditNoteTaxes(transaction, creditNoteId),
    refund: invoice.invoice.refunds.find((refund) => refund.creditNoteId === creditNoteId) ?? null,
    invoice,
  }));
}
