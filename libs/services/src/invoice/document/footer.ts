import { type Sheet, colors, page } from './sheet.js';

const faint = { size: 7.5, color: colors.faint, oneLine: true } as const;

/** The foot of every page, once it is known how many there are. */
export function drawFooters(
  sheet: Sheet,
  { sellerName, id }: { readonly sellerName: string; readonly id: string },
): void {
  const { start, count } = sheet.pdf.bufferedPageRange();
  const third = (page.right - page.left) / 3;
  for (let index = start; index < start + count; index++) {
    sheet.pdf.switchToPage(index);
    // Below the margin pdfkit would begin a new page.
    sheet.pdf.page.margins.bottom = 0;
    const top = page.height - 42;
    sheet.rule(top - 8);
    sheet.text(sellerName, page.left, top, third - 20, faint);
    sheet.text(`Times are UTC · ${id}`, page.left + third - 20, top, third + 40, { ...faint, align: 'center' });
    sheet.text(`Page ${index - start + 1} of ${count}`, page.right - third, top, third, { ...faint, align: 'right' });
  }
}
