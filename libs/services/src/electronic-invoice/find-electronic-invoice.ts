import type { ServiceContext } from '../context.js';
import { findCreditNoteDocument } from '../credit-note/find-credit-note.js';
import { type InvoiceReference, findInvoiceDocument } from '../invoice/find-invoices.js';
import { toElectronicCreditNote, toElectronicInvoice } from './to-electronic-invoice.js';
import { writeUbl } from './write-ubl.js';

/** A document as it is sent to a program. */
export interface ElectronicFile {
  readonly number: string;
  readonly xml: string;
}

/**
 * An invoice by EN 16931, as UBL 2.1.
 * @throws NotFoundError `invoice_not_found`; ConflictError as `toElectronicInvoice`
 */
export async function findElectronicInvoice(
  context: ServiceContext,
  reference: InvoiceReference,
): Promise<ElectronicFile> {
  const document = toElectronicInvoice(await findInvoiceDocument(context, reference));
  return { number: document.number, xml: writeUbl(document) };
}

/**
 * A credit note by EN 16931, as UBL 2.1.
 * @throws NotFoundError `invoice_not_found`, `credit_note_not_found`; ConflictError as `toElectronicInvoice`
 */
export async function findElectronicCreditNote(
  context: ServiceContext,
  reference: InvoiceReference & { readonly creditNoteId: string },
): Promise<ElectronicFile> {
  const document = toElectronicCreditNote(await findCreditNoteDocument(context, reference));
  return { number: document.number, xml: writeUbl(document) };
}
