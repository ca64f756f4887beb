import { invalidRequest } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { putCustomer } from './customer.js';
import { finalizeInvoice, settleInvoice } from './finalize-invoice.js';
import { cancelInvoicePayment, markInvoicePaymentPaid, openPaymentOf } from './invoice-payment.js';
import { putInvoice, renderInvoice, type Invoice } from './invoice.js';
import { attemptPayment, cancelPaymentIntent } from './payment-intent.js';
import { paymentMethodOfCustomer, type PaymentMethod } from './payment-method.js';

/** Charges an open invoice; a draft is finalized first. A declined card is thrown, and the attempt kept. */
export function payInvoice(call: Call, invoice: Invoice, paymentMethodId: string | undefined): Invoice {
  const open = payable(call, invoice);
  if (open.status === 'paid') return open;
  const method = paymentMethodFor(call, open, paymentMethodId);
  const { payment, intent } = openPaymentOf(call, open.id)!;
  const outcome = attemptPayment(call, intent, method);
  // Only the first attempt by hand counts: the rest is for Stripe's own schedule of retries.
  const attempted = putInvoice(call, open, { attempt_count: Math.max(1, open.attempt_count), attempted: true });
  if (!outcome.paid) {
    call.emit('invoice.payment_failed', renderInvoice(call, attempted));
    throw outcome.fault;
  }
  markInvoicePaymentPaid(call, payment);
  return settleInvoice(call, attempted, intent.amount);
}

/** Open → paid by money that did not go through Stripe. */
export function payOutOfBand(call: Call, invoice: Invoice): Invoice {
  const open = payable(call, invoice);
  if (open.status === 'paid') return open;
  cancelPayment(call, open);
  return settleInvoice(call, open, open.amount_due);
}

/** Open → uncollectible: given up for the books, though it may still be paid, or voided. */
export function markUncollectible(call: Call, invoice: Invoice): Invoice {
  if (invoice.status !== 'open') {
    throw invalidRequest(
      `You can only mark an open invoice as uncollectible. This invoice is ${invoice.status}.`,
      undefined,
      'status_transition_invalid',
    );
  }
  const marked = putInvoice(call, invoice, {
    status: 'uncollectible',
    status_transitions: { ...invoice.status_transitions, marked_uncollectible_at: call.now },
  });
  call.emit('invoice.marked_uncollectible', renderInvoice(call, marked));
  return marked;
}

/** Open → void; a balance that the invoice had taken up goes back to the customer. */
export function voidInvoice(call: Call, invoice: Invoice): Invoice {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw invalidRequest(
      `You can only pass in open or uncollectible invoices. This invoice is ${invoice.status}.`,
      undefined,
      'status_transition_invalid',
    );
  }
  cancelPayment(call, invoice);
  const customer = call.store.get('customers', invoice.customer);
  const taken = (invoice.ending_balance ?? 0) - invoice.starting_balance;
  if (customer && taken !== 0) putCustomer(call, customer.id, { balance: customer.balance - taken });
  const voided = putInvoice(call, invoice, {
    status: 'void',
    status_transitions: { ...invoice.status_transitions, voided_at: call.now },
  });
  call.emit('invoice.voided', renderInvoice(call, voided));
  return voided;
}

function payable(call: Call, invoice: Invoice): Invoice {
  if (invoice.status === 'draft') return finalizeInvoice(call, invoice);
  if (invoice.status === 'paid') throw invalidRequest('Invoice is already paid');
  if (invoice.status === 'void') throw invalidRequest('This invoice has been voided and can no longer be paid.');
  return invoice;
}

function cancelPayment(call: Call, invoice: Invoice): void {
  const open = openPaymentOf(call, invoice.id);
  if (open === undefined) return;
  cancelInvoicePayment(call, open.payment);
  cancelPaymentIntent(call, open.intent);
}

/** The one that was asked for, else the invoice's, else the customer's default. */
function paymentMethodFor(call: Call, invoice: Invoice, requested: string | undefined): PaymentMethod {
  if (requested !== undefined) return paymentMethodOfCustomer(call, requested, invoice.customer, 'payment_method');
  const customer = call.store.get('customers', invoice.customer);
  const id = invoice.default_payment_method ?? customer?.invoice_settings.default_payment_method;
  const method = id ? call.store.get('payment_methods', id) : undefined;
  if (method !== undefined) return method;
  throw invalidRequest(
    'This customer has no attached payment source or default payment method. Please consider adding a default payment ' +
      'method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.',
    undefined,
    'resource_missing',
  );
}
