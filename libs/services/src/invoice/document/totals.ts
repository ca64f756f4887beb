import { dueMinor, formatMoney, isCarried, isInvoiceUnpaid, taxLabel } from '#domain';
import { utcDate } from './amount-text.js';
import type { InvoiceDocument } from './invoice-document.js';
import { type Sheet, colors, page } from './sheet.js';
import { termsText, transferRows } from './terms-text.js';

const width = 230;
const left = page.right - width;
/** So many invoices that were carried into one are named in it. */
const NAMED = 12;
/** What stands above and below them takes so much. */
const carriedHead = 24;

/** Subtotal, each tax and the total, what must be said of the tax, what was taken of the balance, credited, paid, and what is left. */
export function drawTotals(sheet: Sheet, document: InvoiceDocument, drawContinuation: () => void): void {
  const { invoice } = document;
  const money = (amountMinor: bigint) => formatMoney(amountMinor, invoice.currency);
  const { taxes, taxTreatment } = invoice;
  const transfer = isAwaitingTransfer(invoice) ? transferRows(invoice) : [];
  const below = (taxTreatment?.note ? 28 : 0) + (transfer.length === 0 ? 0 : 34 + transfer.length * 14);
  const rows = carriedRows(document).length;
  const carried = rows === 0 ? 0 : carriedHead + rows * 16;
  sheet.reserve(104 + Math.max(taxes.length, 1) * 16 + below + carried, drawContinuation);
  sheet.y += 4;
  drawRow(sheet, 'Subtotal', money(invoice.subtotalMinor));
  for (const tax of taxes) drawRow(sheet, taxLabel(tax), money(tax.taxMinor));
  if (taxes.length === 0) drawRow(sheet, 'Tax', money(invoice.taxMinor));
  sheet.rule(sheet.y + 1, colors.rule, left);
  sheet.y += 9;
  drawRow(sheet, 'Total', money(invoice.totalMinor), true);
  if (invoice.state === 'void') {
    drawNote(sheet, taxTreatment?.note ?? null);
    return;
  }
  const due = dueMinor(invoice);
  const { balanceAppliedMinor, creditedMinor, paidMinor } = invoice;
  if (balanceAppliedMinor > 0n) drawRow(sheet, 'From the balance', money(-balanceAppliedMinor));
  if (creditedMinor > 0n) drawRow(sheet, 'Credit notes', money(-creditedMinor));
  const paid = invoice.paidAt ? `Paid on ${utcDate(invoice.paidAt)}` : 'Paid so far';
  if (paidMinor > 0n) drawRow(sheet, paid, money(-paidMinor));
  sheet.pdf.roundedRect(left, sheet.y + 2, width, 28, 4).fill(colors.panel);
  const top = sheet.y + 11;
  sheet.text('Amount due', left + 10, top, 110, { size: 10, bold: true });
  sheet.text(money(due), left + 110, top, width - 118, {
    size: 11,
    bold: true,
    align: 'right',
    color: due === 0n ? colors.good : colors.ink,
  });
  sheet.y += 42;
  drawCarried(sheet, document);
  drawNote(sheet, taxTreatment?.note ?? null);
  drawRemark(sheet, document);
}

/** What is collected with an invoice of others, and with which it is collected itself. */
function carriedRows({ invoice }: InvoiceDocument): (readonly [name: string, amount: string])[] {
  const money = (amountMinor: bigint) => formatMoney(amountMinor, invoice.currency);
  const { carriedInvoices, carriedInMinor } = invoice;
  if (carriedInMinor === 0n || carriedInvoices.length === 0) return [];
  const named =
    carriedInvoices.length > NAMED
      ? [[`Carried from ${carriedInvoices.length} invoices`, money(carriedInMinor)] as const]
      : carriedInvoices.map(({ number, amountMinor }) => [`Carried from ${number}`, money(amountMinor)] as const);
  return [...named, ['Collected together', money(invoice.totalMinor - invoice.balanceAppliedMinor + carriedInMinor)]];
}

function drawCarried(sheet: Sheet, document: InvoiceDocument): void {
  const rows = carriedRows(document);
  if (rows.length === 0) return;
  sheet.label('With earlier invoices', left + 10, sheet.y, width);
  sheet.y += 16;
  for (const [name, amount] of rows) drawRow(sheet, name, amount);
  sheet.y += 8;
}

/** What the law wants to be said of the tax, such as that the customer owes it. */
export function drawNote(sheet: Sheet, note: string | null): void {
  if (note !== null) sheet.y += sheet.text(note, page.left, sheet.y, page.right - page.left, { size: 9 }) + 8;
}

function drawRow(sheet: Sheet, name: string, amount: string, strong = false): void {
  const style = strong ? { size: 11, bold: true } : { size: 9, color: colors.muted };
  sheet.text(name, left + 10, sheet.y, 130, style);
  sheet.text(amount, left + 110, sheet.y, width - 118, { ...style, align: 'right' });
  sheet.y += strong ? 20 : 16;
}

/** True while somebody is to pay it by transfer. */
function isAwaitingTransfer({ state, paymentMethod }: InvoiceDocument['invoice']): boolean {
  return paymentMethod === 'transfer' && isInvoiceUnpaid(state);
}

/** The terms, and where the transfer goes. */
function drawTransfer(sheet: Sheet, { invoice }: InvoiceDocument): void {
  sheet.y += sheet.text(termsText(invoice), page.left, sheet.y, page.right - page.left, { size: 9, bold: true }) + 8;
  for (const [name, text] of transferRows(invoice)) {
    sheet.text(name, page.left, sheet.y, 90, { color: colors.muted });
    sheet.y += Math.max(sheet.text(text, page.left + 95, sheet.y, page.right - page.left - 95), 11) + 3;
  }
}

function drawRemark(sheet: Sheet, document: InvoiceDocument): void {
  const { invoice } = document;
  if (isAwaitingTransfer(invoice)) return drawTransfer(sheet, document);
  if (invoice.state !== 'issued' && invoice.state !== 'past_due') return;
  const remark = isCarried(invoice)
    ? 'Carried to the next invoice: the amount is too small to be charged by itself, and is collected with the next one. There is nothing to do.'
    : invoice.collectedWith !== null
      ? `Carried to invoice ${invoice.collectedWith.number}, and collected with it. There is nothing to do.`
      : invoice.state === 'past_due'
        ? 'The saved card could not be charged. Add another card in the portal, and the invoice is charged again.'
        : 'The amount is charged to the card that is saved in the portal. There is nothing to do.';
  sheet.y += sheet.text(remark, page.left, sheet.y, page.right - page.left, { size: 8, color: colors.muted }) + 4;
  if (invoice.hostedUrl === null) return;
  const text = 'Pay online';
  sheet.text(text, page.left, sheet.y, 200, { size: 8, bold: true, color: colors.accent });
  sheet.pdf.link(page.left, sheet.y, sheet.widthOf(text, { size: 8, bold: true }), 10, invoice.hostedUrl);
  sheet.y += 12;
}
