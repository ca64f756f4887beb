import type { InvoiceState } from '#domain';
import { utcDate, utcMinute } from './amount-text.js';
import type { InvoiceDocument } from './invoice-document.js';
import { type Sheet, colors, page } from './sheet.js';

const states: Readonly<Record<InvoiceState, { readonly text: string; readonly color: string }>> = {
  draft: { text: 'Draft', color: colors.muted },
  review: { text: 'In review', color: colors.muted },
  locked: { text: 'In review', color: colors.muted },
  issued: { text: 'Due', color: colors.accent },
  paid: { text: 'Paid', color: colors.good },
  past_due: { text: 'Past due', color: colors.bad },
  void: { text: 'Void', color: colors.muted },
};

/** Who invoices, the word "Invoice" with its number and state, and below whom it is for and what period. */
export function drawHeader(sheet: Sheet, document: InvoiceDocument): void {
  const { invoice, seller } = document;
  sheet.pdf.rect(0, 0, page.width, 6).fill(colors.accent);
  const half = (page.right - page.left) / 2 - 10;
  const nameHeight = sheet.text(seller.name, page.left, page.top, half, { size: 15, bold: true });
  let left = page.top + nameHeight + 2;
  const address = [
    ...seller.addressLines,
    ...(seller.country === null ? [] : [seller.country]),
    ...(seller.taxId === null ? [] : [`Tax ID ${seller.taxId}`]),
  ];
  for (const line of address) left += sheet.text(line, page.left, left, half, { color: colors.muted });

  const middle = page.left + half + 20;
  sheet.text('Invoice', middle, page.top - 4, half, { size: 24, bold: true, align: 'right' });
  sheet.text(invoice.number ?? 'without a number', middle, page.top + 25, half, {
    size: 11,
    color: colors.muted,
    align: 'right',
  });
  drawState(sheet, invoice.state, page.top + 44);
  sheet.y = Math.max(left, page.top + 64) + 20;
  drawParties(sheet, document);
}

/** On the pages after the first. */
export function drawContinuation(sheet: Sheet, { invoice, seller }: InvoiceDocument): void {
  const half = (page.right - page.left) / 2;
  sheet.text(seller.name, page.left, page.top - 14, half - 20, { bold: true, oneLine: true });
  sheet.text(`Invoice ${invoice.number ?? ''}`, page.left + half, page.top - 14, half, {
    color: colors.muted,
    align: 'right',
  });
  sheet.rule(page.top + 4);
  sheet.y = page.top + 16;
}

function drawState(sheet: Sheet, state: InvoiceState, top: number): void {
  const { text, color } = states[state];
  const style = { size: 8, bold: true, spacing: 0.3 };
  const width = sheet.widthOf(text, style) + 16;
  const left = page.right - width;
  sheet.pdf.roundedRect(left, top, width, 16, 8).fill(color);
  sheet.text(text, left + 8, top + 4.5, width, { ...style, color: '#ffffff' });
}

function drawParties(sheet: Sheet, { invoice, billTo, plans }: InvoiceDocument): void {
  const top = sheet.y;
  const width = 215;
  sheet.label('Billed to', page.left, top, width);
  let y = top + 13;
  y += sheet.text(billTo.name, page.left, y, width, { size: 11, bold: true });
  if (billTo.email !== null) y += sheet.text(billTo.email, page.left, y, width, { color: colors.muted });

  const facts: (readonly [string, string])[] = [
    ['Issued', invoice.issuedAt ? utcDate(invoice.issuedAt) : 'not issued'],
    ['Period', `${utcMinute(invoice.periodStart)} to`],
    ['', `${utcMinute(invoice.periodEnd)} (UTC)`],
    ['Product', invoice.product.title],
    ['Plan', plans.map(({ title, versionNumber }) => `${title} (version ${versionNumber})`).join(', ')],
    ...(invoice.paidAt ? [['Paid', utcDate(invoice.paidAt)] as const] : []),
  ];
  const label = page.left + 260;
  const value = label + 58;
  let factY = top;
  for (const [name, text] of facts) {
    sheet.text(name, label, factY, 55, { color: colors.muted });
    factY += Math.max(sheet.text(text, value, factY, page.right - value), 11) + 3;
  }
  sheet.y = Math.max(y, factY) + 22;
}
