import { createPdf } from './create-pdf.js';
import { drawFooters } from './footer.js';
import { drawContinuation, drawHeader } from './header.js';
import type { InvoiceDocument } from './invoice-document.js';
import { drawLines } from './lines-table.js';
import { drawTotals } from './totals.js';

/**
 * The invoice as a PDF of A4 pages. The same document gives the same bytes: even the dates in the file's properties are
 * `renderedAt`. Names are shown in Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic letters.
 */
export function renderInvoicePdf(document: InvoiceDocument): Promise<Buffer> {
  const { invoice, seller, renderedAt } = document;
  const title = `Invoice ${invoice.number ?? invoice.id}`;
  return createPdf({ title, author: seller.name, renderedAt }, (sheet) => {
    const onNewPage = () => drawContinuation(sheet, document);
    drawHeader(sheet, document);
    drawLines(sheet, document, onNewPage);
    drawTotals(sheet, document, onNewPage);
    drawFooters(sheet, { sellerName: seller.name, id: invoice.id });
  });
}
