import type { InvoiceState } from '#domain';
import { utcDate, utcMinute } from './amount-text.js';
import type { InvoiceDocument } from './invoice-document.js';
import { drawLetterhead, drawParties } from './letterhead.js';
import { type Sheet, colors, page } from './sheet.js';

const states: Readonly<Record<InvoiceState, StateText>> = {
  draft: { text: 'Draft', color: colors.muted },
  review: { text: 'In review', color: colors.muted },
  locked: { text: 'In review', color: colors.muted },
  issued: { text: 'Due', color: colors.accent },
  paid: { text: 'Paid', color: colors.good },
  past_due: { text: 'Past due', color: colors.bad },
  uncollectible: { text: 'Past due', color: colors.bad },
  void: { text: 'Void', color: colors.muted },
};

/** Who invoices, the word "Invoice" with its number and state, and below whom it is for and what period. */
export function drawHeader(sheet: Sheet, document: InvoiceDocument): void {
  const { invoice, seller } = document;
  const bottom = drawLetterhead(sheet, { seller, title: 'Invoice', number: invoice.number ?? 'without a number' });
  drawState(sheet, invoiceStateText(invoice), page.top + 44);
  sheet.y = Math.max(bottom, page.top + 64) + 20;
  drawParties(sheet, 'Billed to', document.billTo, factsOf(document));
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

interface StateText {
  readonly text: string;
  readonly color: string;
}

/** How the state of an invoice is called, and its colour: one that is not charged by itself is not due. */
export function invoiceStateText({
  state,
  carriedAt,
}: Pick<InvoiceDocument['invoice'], 'state' | 'carriedAt'>): StateText {
  return state === 'issued' && carriedAt !== null ? { text: 'Carried', color: colors.accent } : states[state];
}

function drawState(sheet: Sheet, { text, color }: StateText, top: number): void {
  const style = { size: 8, bold: true, spacing: 0.3 };
  const width = sheet.widthOf(text, style) + 16;
  const left = page.right - width;
  sheet.pdf.roundedRect(left, top, width, 16, 8).fill(color);
  sheet.text(text, left + 8, top + 4.5, width, { ...style, color: '#ffffff' });
}

function factsOf({ invoice, plans }: InvoiceDocument): (readonly [string, string])[] {
  return [
    ['Issued', invoice.issuedAt ? utcDate(invoice.issuedAt) : 'not issued'],
    ...(invoice.dueAt && invoice.paymentMethod === 'transfer' ? [['Due', utcDate(invoice.dueAt)] as const] : []),
    ['Period', `${utcMinute(invoice.periodStart)} to`],
    ['', `${utcMinute(invoice.periodEnd)} (UTC)`],
    ['Product', invoice.product.title],
    ['Plan', plans.map(({ title, versionNumber }) => `${title} (version ${versionNumber})`).join(', ')],
    ...(invoice.buyer?.purchaseOrderNumber ? [['Order', invoice.buyer.purchaseOrderNumber] as const] : []),
    ...(invoice.paidAt ? [['Paid', utcDate(invoice.paidAt)] as const] : []),
  ];
}
