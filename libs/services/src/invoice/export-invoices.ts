import type { Readable } from 'node:stream';
import type { CreditNoteLineFilter, InvoiceFilter } from '#persistence';
import type { ServiceContext } from '../context.js';
import { creditNoteTable } from '../credit-note/credit-note-table.js';
import { writeCsv } from '../table/write-csv.js';
import { writeXlsx } from '../table/xlsx/write-xlsx.js';
import { invoiceLineTable, invoiceTable } from './invoice-tables.js';

/**
 * Every line of the issued invoices that the filter selects as CSV; see `writeCsv`. However many there are, no more than a
 * page of them is in memory.
 */
export function exportInvoicesCsv(
  context: ServiceContext,
  filter: InvoiceFilter = {},
  pageSize?: number,
): AsyncGenerator<string, void, undefined> {
  return writeCsv(invoiceLineTable(context, filter, pageSize));
}

/** The issued invoices that the filter selects, their lines, and the credit notes of the same time, as three sheets. */
export function exportInvoicesXlsx(context: ServiceContext, filter: InvoiceFilter = {}): Readable {
  const tables = [invoiceTable(context, filter), invoiceLineTable(context, filter), creditNoteTable(context, filter)];
  return writeXlsx(tables, { writtenAt: context.clock.now() });
}

/** Every line of the credit notes that the filter selects as CSV; see `writeCsv`. */
export function exportCreditNotesCsv(
  context: ServiceContext,
  filter: CreditNoteLineFilter = {},
  pageSize?: number,
): AsyncGenerator<string, void, undefined> {
  return writeCsv(creditNoteTable(context, filter, pageSize));
}
