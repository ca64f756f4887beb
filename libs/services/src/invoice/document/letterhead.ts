import type { InvoiceSeller } from '#domain';
import type { BilledParty } from './invoice-document.js';
import { type Sheet, colors, page } from './sheet.js';

const HALF = (page.right - page.left) / 2 - 10;
const PARTY_WIDTH = 215;

/** Who writes, and what: "Invoice" with its number. Returns where the seller's address ends. */
export function drawLetterhead(
  sheet: Sheet,
  { seller, title, number }: { readonly seller: InvoiceSeller; readonly title: string; readonly number: string },
): number {
  sheet.pdf.rect(0, 0, page.width, 6).fill(colors.accent);
  let bottom = page.top + sheet.text(seller.name, page.left, page.top, HALF, { size: 15, bold: true }) + 2;
  const address = [
    ...seller.addressLines,
    ...(seller.country === null ? [] : [seller.country]),
    ...(seller.taxId === null ? [] : [`Tax ID ${seller.taxId}`]),
  ];
  for (const line of address) bottom += sheet.text(line, page.left, bottom, HALF, { color: colors.muted });
  const middle = page.left + HALF + 20;
  sheet.text(title, middle, page.top - 4, HALF, { size: 24, bold: true, align: 'right' });
  sheet.text(number, middle, page.top + 25, HALF, { size: 11, color: colors.muted, align: 'right' });
  return bottom;
}

/** Whom it is for, and beside that what there is to know, a name and a text in each row. */
export function drawParties(
  sheet: Sheet,
  label: string,
  billTo: BilledParty,
  facts: readonly (readonly [name: string, text: string])[],
): void {
  const top = sheet.y;
  sheet.label(label, page.left, top, PARTY_WIDTH);
  let y = top + 13;
  y += sheet.text(billTo.name, page.left, y, PARTY_WIDTH, { size: 11, bold: true });
  for (const line of billTo.details) y += sheet.text(line, page.left, y, PARTY_WIDTH, { color: colors.muted });
  if (billTo.email !== null) y += sheet.text(billTo.email, page.left, y, PARTY_WIDTH, { color: colors.muted });
  const names = page.left + 260;
  const texts = names + 58;
  let factY = top;
  for (const [name, text] of facts) {
    sheet.text(name, names, factY, 55, { color: colors.muted });
    factY += Math.max(sheet.text(text, texts, factY, page.right - texts), 11) + 3;
  }
  sheet.y = Math.max(y, factY) + 22;
}
