import PDFDocument from 'pdfkit';
import { drawFooters } from './footer.js';
import { drawContinuation, drawHeader } from './header.js';
import type { InvoiceDocument } from './invoice-document.js';
import { drawLines } from './lines-table.js';
import { Sheet, page } from './sheet.js';
import { drawTotals } from './totals.js';

/**
 * The invoice as a PDF of A4 pages. The same document gives the same bytes: even the dates in the file's properties are
 * `renderedAt`. Names are shown in Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic letters.
 */
export async function renderInvoicePdf(document: InvoiceDocument): Promise<Buffer> {
  const { invoice, seller, renderedAt } = document;
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: page.top, bottom: page.height - page.bottom, left: page.left, right: page.width - page.right },
    bufferPages: true,
    displayTitle: true,
    lang: 'en',
    info: {
      Title: `Invoice ${invoice.number ?? invoice.id}`,
      Author: seller.name,
      Producer: 'Tollgate',
      Creator: 'Tollgate',
      CreationDate: renderedAt,
      ModDate: renderedAt,
    },
  });
  const bytes = collect(pdf);
  const sheet = new Sheet(pdf);
  const onNewPage = () => drawContinuation(sheet, document);
  drawHeader(sheet, document);
  drawLines(sheet, document, onNewPage);
  drawTotals(sheet, document, onNewPage);
  drawFooters(sheet, document);
  pdf.end();
  return bytes;
}

function collect(pdf: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.once('end', () => resolve(Buffer.concat(chunks)));
    pdf.once('error', reject);
  });
}
