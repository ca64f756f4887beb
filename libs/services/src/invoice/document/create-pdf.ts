import { Sheet, page } from './sheet.js';

/** What the file's properties say. */
export interface PdfProperties {
  readonly title: string;
  readonly author: string;
  readonly renderedAt: Date;
}

/** A PDF of A4 pages with what `draw` draws. The same drawing with the same properties gives the same bytes. */
export async function createPdf(
  { title, author, renderedAt }: PdfProperties,
  draw: (sheet: Sheet) => void,
): Promise<Buffer> {
  // Loaded with the first document: it takes a process 30 MB, and a fifth of a second of its start.
  const { default: PDFDocument } = await import('pdfkit');
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: page.top, bottom: page.height - page.bottom, left: page.left, right: page.width - page.right },
    bufferPages: true,
    displayTitle: true,
    lang: 'en',
    info: {
      Title: title,
      Author: author,
      Producer: 'Tollgate',
      Creator: 'Tollgate',
      CreationDate: renderedAt,
      ModDate: renderedAt,
    },
  });
  const bytes = collect(pdf);
  draw(new Sheet(pdf));
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
