import { invalidRequest } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { applyCredits } from './apply-credits.js';
import { requireTaxLocation } from './automatic-tax.js';
import { minimumCharge, refuseFraction, refuseTooMuch } from './currency.js';
import { changeBalance } from './customer-balance.js';
import { customerOf, putCustomer } from './customer.js';
import { spendDiscounts } from './discount.js';
import { addUpInvoice } from './invoice-totals.js';
import { createInvoicePayment } from './invoice-payment.js';
import { customerFieldsOf, putInvoice, renderInvoice, waitForInvoice, type Invoice } from './invoice.js';
import { createPaymentIntent } from './payment-intent.js';
import { subscriptionPaid } from './subscription.js';
import { withPresentUsage } from './usage-lines.js';

/**
 * Draft → open, or → paid at once when nothing is to be charged. What is owed is the total and the customer's balance;
 * an amount below the least charge, or below zero, stays in the balance for the next invoice.
 */
export function finalizeInvoice(call: Call, before: Invoice, autoAdvance?: boolean): Invoice {
  if (before.status !== 'draft') {
    throw invalidRequest(
      "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
      undefined,
      'invoice_not_editable',
    );
  }
  // Until now an invoice follows its customer, who may have become exempt from tax.
  const draft = applyCredits(call, addUpInvoice(call, withPresentUsage(call, before).id));
  requireTaxLocation(draft);
  const customer = customerOf(call, draft.customer, 'customer');
  const owed = draft.total + customer.balance;
  const due = owed >= minimumCharge(draft.currency) ? owed : 0;
  refuseFraction(due, draft.currency);
  refuseTooMuch(due, draft.currency, 'amount');
  const number =
    draft.number ?? `${customer.invoice_prefix}-${String(customer.next_invoice_sequence).padStart(4, '0')}`;
  if (draft.number === null) {
    putCustomer(call, customer.id, { next_invoice_sequence: customer.next_invoice_sequence + 1 });
  }
  const taken = owed - due - customer.balance;
  if (taken !== 0) {
    const type = customer.balance === 0 && owed > 0 ? 'invoice_too_small' : 'applied_to_invoice';
    changeBalance(call, customer.id, taken, { currency: draft.currency, invoice: draft.id, type });
  }
  const open = putInvoice(call, draft, {
    ...customerFieldsOf(customer),
    customer_tax_ids: call.store.childrenOf('tax_ids', customer.id).map(({ type, value }) => ({ type, value })),
    amount_due: due,
    amount_remaining: due,
    auto_advance: autoAdvance ?? draft.auto_advance,
    automatically_finalizes_at: null,
    effective_at: call.now,
    ending_balance: owed - due,
    hosted_invoice_url: `${call.baseUrl}/i/${draft.id}`,
    invoice_pdf: `${call.baseUrl}/i/${draft.id}/pdf`,
    number,
    starting_balance: customer.balance,
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: call.now },
  });
  if (due > 0) {
    const description = `Payment for Invoice ${number}`;
    const fields = { amount: due, currency: draft.currency, customer: customer.id, description };
    createInvoicePayment(call, open, createPaymentIntent(call, fields));
  }
  spendDiscounts(
    call,
    open.total_discount_amounts.filter(({ amount }) => amount > 0).map(({ discount }) => discount),
  );
  waitForInvoice(call, open);
  call.emit('invoice.finalized', renderInvoice(call, open));
  return due > 0 ? open : settleInvoice(call, open, 0);
}

/** Open → paid. */
export function settleInvoice(call: Call, invoice: Invoice, amountPaid: number): Invoice {
  const paid = putInvoice(call, invoice, {
    amount_paid: amountPaid,
    amount_remaining: 0,
    attempted: true,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...invoice.status_transitions, paid_at: call.now },
  });
  waitForInvoice(call, paid);
  const rendered = renderInvoice(call, paid);
  call.emit('invoice.paid', rendered);
  call.emit('invoice.payment_succeeded', rendered);
  const subscription = paid.parent?.subscription_details.subscription;
  if (subscription !== undefined) subscriptionPaid(call, subscription, paid.id);
  return paid;
}
