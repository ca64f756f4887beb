import { type CreditNote, type Refund, formatMoney, taxLabel } from '#domain';
import { utcDate } from '../../invoice/document/amount-text.js';
import { createPdf } from '../../invoice/document/create-pdf.js';
import { drawFooters } from '../../invoice/document/footer.js';
import { drawLetterhead, drawParties } from '../../invoice/document/letterhead.js';
import { type Sheet, type TextStyle, colors, page } from '../../invoice/document/sheet.js';
import { drawNote } from '../../invoice/document/totals.js';
import type { CreditNoteDocument } from '../find-credit-note.js';

const amountWidth = 100;
const amountLeft = page.right - amountWidth - 8;

/** The credit note as a PDF of A4 pages. The same document gives the same bytes. */
export function renderCreditNotePdf(document: CreditNoteDocument): Promise<Buffer> {
  const { note, invoice } = document;
  const title = `Credit note ${note.number}`;
  return createPdf({ title, author: invoice.seller.name, renderedAt: invoice.renderedAt }, (sheet) => {
    drawHeader(sheet, document);
    drawLines(sheet, document);
    drawFooters(sheet, { sellerName: invoice.seller.name, id: note.id });
  });
}

function drawHeader(sheet: Sheet, { note, invoice: { seller, billTo, invoice } }: CreditNoteDocument): void {
  const bottom = drawLetterhead(sheet, { seller, title: 'Credit note', number: note.number });
  sheet.y = Math.max(bottom, page.top + 48) + 20;
  drawParties(sheet, 'Credited to', billTo, [
    ['Issued', utcDate(note.issuedAt)],
    ['Invoice', `${invoice.number ?? invoice.id}, of ${invoice.issuedAt ? utcDate(invoice.issuedAt) : 'no date'}`],
    ['Reason', note.reason],
    ...(invoice.buyer?.purchaseOrderNumber ? [['Order', invoice.buyer.purchaseOrderNumber] as const] : []),
  ]);
}

function drawLines(sheet: Sheet, { note, lines, taxes, refund, invoice }: CreditNoteDocument): void {
  const drawHead = () => {
    sheet.pdf.rect(page.left, sheet.y, page.right - page.left, 20).fill(colors.panel);
    sheet.label('Description', page.left + 8, sheet.y + 7, 300);
    sheet.label('Amount', amountLeft, sheet.y + 7, amountWidth, 'right');
    sheet.y += 28;
  };
  drawHead();
  const width = amountLeft - page.left - 20;
  for (const { description, amountMinor } of lines) {
    const height = sheet.heightOf(description, width);
    sheet.reserve(height + 16, drawHead);
    sheet.text(description, page.left + 8, sheet.y, width);
    sheet.text(formatMoney(amountMinor, note.currency), amountLeft, sheet.y, amountWidth, { align: 'right' });
    sheet.y += height + 6;
    sheet.rule(sheet.y);
    sheet.y += 9;
  }
  sheet.reserve(90 + taxes.length * 16);
  const row = (name: string, amountMinor: bigint, style: TextStyle = { size: 9, color: colors.muted }) => {
    sheet.text(name, amountLeft - 130, sheet.y + 4, 120, style);
    const amount = formatMoney(amountMinor, note.currency);
    sheet.text(amount, amountLeft, sheet.y + 4, amountWidth, { ...style, align: 'right' });
    sheet.y += 16;
  };
  if (taxes.length > 0) row('Subtotal', note.subtotalMinor);
  for (const tax of taxes) row(taxLabel(tax), tax.taxMinor);
  row('Total credited', note.totalMinor, { size: 11, bold: true });
  for (const [name, amountMinor] of partsOf(note, refund)) row(name, amountMinor);
  sheet.y += 14;
  drawNote(sheet, invoice.invoice.taxTreatment?.note ?? null);
  const fullWidth = page.right - page.left;
  for (const remark of remarksOf(note, refund)) {
    sheet.text(remark, page.left, sheet.y, fullWidth, { size: 8, color: colors.muted });
    sheet.y += sheet.heightOf(remark, fullWidth) + 2;
  }
}

/** Where the total went, when it went to more than the balance. */
function partsOf(note: CreditNote, refund: Refund | null): (readonly [name: string, amountMinor: bigint])[] {
  const cardMinor = refund?.state === 'failed' ? 0n : note.refundedMinor;
  if (note.reducedMinor === 0n && cardMinor === 0n) return [];
  const parts = [
    ['Off what was due', note.reducedMinor],
    ['To the card', cardMinor],
    ['To the balance', note.totalMinor - note.reducedMinor - cardMinor],
  ] as const;
  return parts.filter(([, amountMinor]) => amountMinor !== 0n);
}

function remarksOf(note: CreditNote, refund: Refund | null): string[] {
  const isOnCard = refund !== null && refund.state !== 'failed';
  const hasRest = note.totalMinor - note.reducedMinor > (isOnCard ? note.refundedMinor : 0n);
  return [
    ...(isOnCard
      ? ['What goes to the card is the payment of the invoice, given back; the bank may need some days to show it.']
      : []),
    ...(refund?.state === 'failed' ? ['The bank did not take the refund to the card, so it is in your balance.'] : []),
    ...(hasRest ? ['What is in your balance is used by the next invoices before a card is charged.'] : []),
  ];
}
