import { formatAmount } from '../resources/currency.js';
import type { InvoiceLine } from '../resources/invoice-line.js';
import type { Invoice } from '../resources/invoice.js';
import type { Store } from '../state/store.js';
import { escapeHtml, notice, page, type PageAnswer } from './html.js';
import { invoicePdf } from './invoice-pdf.js';

/** The hosted page of a finalized invoice. */
export function showInvoice(store: Store, id: string): PageAnswer {
  const invoice = finalized(store, id);
  if (invoice === undefined) return noInvoice();
  const money = (amount: number): string => escapeHtml(formatAmount(amount, invoice.currency));
  const lines = linesOf(store, invoice);
  const credited = invoice.pre_payment_credit_notes_amount;
  const balance = invoice.amount_due + credited - invoice.total;
  const main = `<main><div class="panel">
<h1>Invoice ${escapeHtml(invoice.number ?? '')}</h1>
<p><span class="status ${invoice.status}">${invoice.status}</span></p>
<dl class="facts">
<dt>To</dt><dd>${escapeHtml(invoice.customer_name ?? invoice.customer_email ?? invoice.customer)}</dd>
<dt>Date</dt><dd>${dateOf(invoice.effective_at ?? invoice.created)}</dd>
<dt>Amount due</dt><dd>${money(invoice.amount_remaining)}</dd>
</dl>
<div class="scroll"><table>
<thead><tr><th scope="col">Description</th><th scope="col">Amount</th></tr></thead>
<tbody>
${lines.map((line) => `<tr><td>${escapeHtml(line.description ?? '')}<small>${periodOf(line)}</small></td><td>${money(line.amount)}</td></tr>`).join('\n')}
</tbody>
<tfoot>
<tr><th scope="row">Total</th><td>${money(invoice.total)}</td></tr>
${balance === 0 ? '' : `<tr><th scope="row">Customer balance</th><td>${money(balance)}</td></tr>`}
${credited === 0 ? '' : `<tr><th scope="row">Credit notes</th><td>${money(-credited)}</td></tr>`}
</tfoot>
</table></div>
<p><a class="button" href="/i/${invoice.id}/pdf">Download PDF</a></p>
</div></main>`;
  return page(200, `Invoice ${invoice.number ?? ''}`, main);
}

/** The finalized invoice as a PDF file. */
export function downloadInvoice(store: Store, id: string): PageAnswer {
  const invoice = finalized(store, id);
  if (invoice === undefined) return noInvoice();
  const name = `Invoice-${(invoice.number ?? invoice.id).replaceAll(/[^\w.-]/g, '_')}.pdf`;
  return {
    status: 200,
    headers: { 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="${name}"` },
    body: invoicePdf(invoice, linesOf(store, invoice)),
  };
}

export function dateOf(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().slice(0, 10);
}

export function periodOf({ period }: InvoiceLine): string {
  return period.start === period.end ? dateOf(period.start) : `${dateOf(period.start)} – ${dateOf(period.end)}`;
}

function finalized(store: Store, id: string): Invoice | undefined {
  const invoice = store.get('invoices', id);
  return invoice?.status === 'draft' ? undefined : invoice;
}

function linesOf(store: Store, invoice: Invoice): InvoiceLine[] {
  return store.childrenOf('invoice_lines', invoice.id).reverse();
}

function noInvoice(): PageAnswer {
  return notice(404, 'No such invoice', 'It does not exist, or it is still a draft.');
}
