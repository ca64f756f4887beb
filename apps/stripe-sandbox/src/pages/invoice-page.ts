import type { CardEntry } from '../cards/card-entry.js';
import { readCardEntry } from '../cards/card-entry.js';
import { StripeFault } from '../http/stripe-fault.js';
import { waitingIntent } from '../resources/authentication.js';
import { formatAmount } from '../resources/currency.js';
import type { InvoiceLine } from '../resources/invoice-line.js';
import { openPaymentOf } from '../resources/invoice-payment.js';
import type { Invoice } from '../resources/invoice.js';
import { authenticationUrl } from '../resources/next-action.js';
import { payInvoice } from '../resources/pay-invoice.js';
import { attachPaymentMethod, createCardPaymentMethod } from '../resources/payment-method.js';
import { atClockOf } from '../resources/test-clock.js';
import type { Call, Sandbox } from '../sandbox.js';
import type { Store } from '../state/store.js';
import { cardFields, chosenEntry, emptyEntry, entryFrom, testCardChoice } from './card-form.js';
import { byHand, escapeHtml, notice, page, redirect, type PageAnswer } from './html.js';
import { invoicePdf } from './invoice-pdf.js';

/** The hosted page of a finalized invoice, on which an open one can be paid. */
export function showInvoice(sandbox: Sandbox, id: string, query: URLSearchParams): PageAnswer {
  return sandbox.perform(byHand, (call) => {
    const invoice = finalized(call.store, id);
    return invoice ? invoicePage(call, invoice, chosenEntry(query, call.now)) : noInvoice();
  });
}

/** Pays an open invoice by the card of the form: the invoice again, or the page of the bank. */
export function submitInvoice(sandbox: Sandbox, id: string, form: URLSearchParams): PageAnswer {
  const entry = entryFrom(form);
  try {
    return sandbox.perform(byHand, (call) => {
      const invoice = finalized(call.store, id);
      if (invoice === undefined) return noInvoice();
      if (invoice.status !== 'open') return redirect(`/i/${id}`);
      const { id: methodId } = createCardPaymentMethod(call, readCardEntry(entry, call.now));
      attachPaymentMethod(call, methodId, invoice.customer, 'payment_method');
      payInvoice(atClockOf(call, invoice), invoice, methodId);
      return redirect(`/i/${id}`);
    });
  } catch (error) {
    if (!(error instanceof StripeFault)) throw error;
    return sandbox.perform(byHand, (call) => {
      const invoice = finalized(call.store, id);
      if (invoice === undefined) return noInvoice();
      const asked = waitingPaymentOf(call, invoice);
      return asked === undefined ? invoicePage(call, invoice, entry, error.body.message) : redirect(asked);
    });
  }
}

/** Where the cardholder is asked for the payment of the invoice, if that is so. */
function waitingPaymentOf(call: Call, invoice: Invoice): string | undefined {
  const intent = openPaymentOf(call, invoice.id)?.intent;
  return intent && waitingIntent(call, intent.id) && authenticationUrl(call, intent.id);
}

function invoicePage(call: Call, invoice: Invoice, entry: CardEntry, problem?: string): PageAnswer {
  const { store } = call;
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
${sumsOf(store, invoice)
  .map(({ label, amount }) => `<tr><th scope="row">${escapeHtml(label)}</th><td>${money(amount)}</td></tr>`)
  .join('\n')}
<tr><th scope="row">Total</th><td>${money(invoice.total)}</td></tr>
${balance === 0 ? '' : `<tr><th scope="row">Customer balance</th><td>${money(balance)}</td></tr>`}
${credited === 0 ? '' : `<tr><th scope="row">Credit notes</th><td>${money(-credited)}</td></tr>`}
</tfoot>
</table></div>
${invoice.footer === null ? '' : `<p><small>${escapeHtml(invoice.footer)}</small></p>`}
<p><a class="button" href="/i/${invoice.id}/pdf">Download PDF</a></p>
</div>
${invoice.status === 'open' ? paymentSection(call, invoice, entry, problem) : ''}</main>`;
  return page(problem ? 402 : 200, `Invoice ${invoice.number ?? ''}`, main);
}

function paymentSection(call: Call, invoice: Invoice, entry: CardEntry, problem: string | undefined): string {
  const asked = waitingPaymentOf(call, invoice);
  const confirm =
    asked === undefined
      ? ''
      : `<section class="panel"><h2>Your bank asks you to confirm the payment</h2>
<p><a class="button" href="${escapeHtml(asked)}">Confirm the payment</a></p></section>`;
  const amount = escapeHtml(formatAmount(invoice.amount_remaining, invoice.currency));
  // Choosing a test card or a refused payment opens the form again.
  const open = problem !== undefined || entry !== emptyEntry || asked === undefined ? ' open' : '';
  return `${confirm}<details${open} id="pay"><summary>Pay by card</summary>
<div class="checkout">
<form class="panel" id="card" method="post" action="/i/${invoice.id}">
${cardFields(entry, problem)}
<button type="submit">Pay ${amount}</button>
</form>
${testCardChoice()}
</div></details>`;
}

/** The finalized invoice as a PDF file. */
export function downloadInvoice(store: Store, id: string): PageAnswer {
  const invoice = finalized(store, id);
  if (invoice === undefined) return noInvoice();
  const name = `Invoice-${(invoice.number ?? invoice.id).replaceAll(/[^\w.-]/g, '_')}.pdf`;
  return {
    status: 200,
    headers: { 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="${name}"` },
    body: invoicePdf(invoice, linesOf(store, invoice), sumsOf(store, invoice)),
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

/** What is between the lines and the total: discounts, billing credits and taxes, if there are any. */
function sumsOf(store: Store, invoice: Invoice): { label: string; amount: number }[] {
  const taxes = invoice.total_taxes.map(({ amount, tax_behavior: behavior, tax_rate_details: { tax_rate: id } }) => {
    const rate = store.get('tax_rates', id);
    const within = behavior === 'inclusive' ? ', included' : '';
    return { label: `${rate?.display_name ?? 'Tax'} (${rate?.percentage ?? 0}%${within})`, amount };
  });
  const before = invoice.total_pretax_credit_amounts.map(({ amount, type }) => ({
    label: type === 'discount' ? 'Discount' : 'Billing credits',
    amount: -amount,
  }));
  return [...before, ...taxes];
}

function noInvoice(): PageAnswer {
  return notice(404, 'No such invoice', 'It does not exist, or it is still a draft.');
}
