import { formatAmount } from '../resources/currency.js';
import type { InvoiceLine } from '../resources/invoice-line.js';
import type { Invoice } from '../resources/invoice.js';
import { pdfOfLines } from './pdf.js';

const width = 88;

/** The invoice as a PDF: plain, but every line and sum is on it. */
export function invoicePdf(
  invoice: Invoice,
  lines: readonly InvoiceLine[],
  sums: readonly { readonly label: string; readonly amount: number }[],
): Buffer {
  const money = (amount: number): string =>
    `${invoice.currency.toUpperCase()} ${formatPlain(amount, invoice.currency)}`;
  const rows = lines.map((line) => row(line.description ?? '', money(line.amount)));
  return pdfOfLines([
    `Invoice ${invoice.number ?? ''}`,
    '',
    `To: ${invoice.customer_name ?? invoice.customer_email ?? invoice.customer}`,
    `Status: ${invoice.status}`,
    'Simulated payments: no money moves.',
    '',
    ...rows,
    '-'.repeat(width),
    ...sums.map(({ label, amount }) => row(label, money(amount))),
    row('Total', money(invoice.total)),
    row('Amount due', money(invoice.amount_remaining)),
    ...(invoice.footer === null ? [] : ['', ...(invoice.footer.match(new RegExp(`.{1,${width}}`, 'g')) ?? [])]),
  ]);
}

function row(label: string, amount: string): string {
  const room = width - amount.length - 1;
  return `${label.slice(0, room).padEnd(room)} ${amount}`;
}

/** The amount without the currency's sign, which the standard fonts of PDF do not all have. */
function formatPlain(amount: number, currency: string): string {
  return formatAmount(amount, currency).replaceAll(/[^\d.,-]/g, '');
}
