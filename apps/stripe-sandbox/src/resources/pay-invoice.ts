import { invalidRequest } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { cardDeclined } from '../cards/card-fault.js';
import { giveCreditsBack } from './apply-credits.js';
import { changeBalance } from './customer-balance.js';
import { finalizeInvoice, settleInvoice } from './finalize-invoice.js';
import {
  attachToInvoice,
  cancelInvoicePayment,
  isOfInvoice,
  markInvoicePaymentPaid,
  openPaymentOf,
} from './invoice-payment.js';
import { putInvoice, renderInvoice, type Invoice } from './invoice.js';
import { attemptPayment, cancelPaymentIntent, paymentIntentOf } from './payment-intent.js';
import { paymentMethodOfCustomer, type PaymentMethod } from './payment-method.js';
import { resumeBy } from './subscription.js';

/** Charges an open invoice; a draft is finalized first. A declined card is thrown, and the attempt kept. */
export function payInvoice(call: Call, invoice: Invoice, paymentMethodId: string | undefined): Invoice {
  const open = payable(call, invoice);
  if (open.status === 'paid') return open;
  const method = paymentMethodFor(call, open, paymentMethodId);
  // Only the first attempt by hand counts: the rest is for Stripe's own schedule of retries.
  const attempted = putInvoice(call, open, { attempt_count: Math.max(1, open.attempt_count), attempted: true });
  const outcome = charge(call, attempted, method);
  if (outcome instanceof Error) throw outcome;
  return outcome;
}

/** Charges an open invoice that nobody asked to pay. A failure is kept on the invoice, and not thrown. */
export function collectInvoice(call: Call, open: Invoice): 'failed' | 'paid' {
  const attempted = putInvoice(call, open, { attempt_count: open.attempt_count + 1, attempted: true });
  const method = methodOf(call, open);
  if (method !== undefined) return charge(call, attempted, method) instanceof Error ? 'failed' : 'paid';
  call.emit('invoice.payment_failed', renderInvoice(call, attempted));
  return 'failed';
}

/** The paid invoice, or why it is not; then the attempt is kept. */
function charge(call: Call, attempted: Invoice, method: PaymentMethod): Invoice | Error {
  const { payment, intent } = openPaymentOf(call, attempted.id)!;
  const outcome = attemptPayment(call, intent, method, { returnUrl: attempted.hosted_invoice_url });
  if (outcome.status === 'paid') {
    markInvoicePaymentPaid(call, payment);
    return settleInvoice(call, attempted, intent.amount);
  }
  const rendered = renderInvoice(call, attempted);
  call.emit('invoice.payment_failed', rendered);
  if (outcome.status === 'declined') return outcome.fault;
  call.emit('invoice.payment_action_required', rendered);
  const decline = {
    code: 'invoice_payment_intent_requires_action',
    message: 'This payment requires additional user action before it can be completed successfully.',
  };
  return cardDeclined(decline, { payment_intent: outcome.intent }, true);
}

/** Open → paid by money that did not go through Stripe. */
export function payOutOfBand(call: Call, invoice: Invoice): Invoice {
  const open = payable(call, invoice);
  if (open.status === 'paid') return open;
  cancelPayment(call, open);
  return settleInvoice(call, open, open.amount_due);
}

/** Open → paid by a payment that was made by itself, such as one of Checkout; it pays exactly what is left. */
export function attachPayment(call: Call, invoice: Invoice, intentId: string): Invoice {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw invalidRequest(`You cannot attach a payment to an invoice that is ${invoice.status}.`);
  }
  const intent = paymentIntentOf(call, intentId, 'payment_intent');
  const param = 'payment_intent';
  if (intent.customer !== invoice.customer) {
    throw invalidRequest('The PaymentIntent is not of the customer of the invoice.', param);
  }
  if (intent.currency !== invoice.currency) {
    throw invalidRequest('The PaymentIntent is not in the currency of the invoice.', param);
  }
  if (isOfInvoice(call, intentId)) throw invalidRequest('The PaymentIntent is attached to an invoice.', param);
  if (intent.status !== 'succeeded' || intent.amount_received !== invoice.amount_remaining) {
    throw invalidRequest(
      'This simulation of Stripe attaches only a PaymentIntent that has succeeded, over exactly what remains.',
      param,
    );
  }
  cancelPayment(call, invoice);
  attachToInvoice(call, invoice, intent);
  return settleInvoice(call, invoice, invoice.amount_due);
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
  const subscription = invoice.parent?.subscription_details.subscription;
  if (subscription !== undefined) resumeBy(call, subscription, invoice.id);
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
  giveCreditsBack(call, invoice);
  const taken = (invoice.ending_balance ?? 0) - invoice.starting_balance;
  if (taken !== 0) {
    const cause = { currency: invoice.currency, invoice: invoice.id, type: 'unapplied_from_invoice' } as const;
    changeBalance(call, invoice.customer, -taken, cause);
  }
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

/** The one that was asked for, else the default. */
function paymentMethodFor(call: Call, invoice: Invoice, requested: string | undefined): PaymentMethod {
  if (requested !== undefined) return paymentMethodOfCustomer(call, requested, invoice.customer, 'payment_method');
  const method = methodOf(call, invoice);
  if (method !== undefined) return method;
  throw missingPaymentMethod();
}

export function missingPaymentMethod(): Error {
  return invalidRequest(
    'This customer has no attached payment source or default payment method. Please consider adding a default payment ' +
      'method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.',
    undefined,
    'resource_missing',
  );
}

/** The invoice's, its subscription's or its customer's payment method, in this order. */
function methodOf(call: Call, invoice: Invoice): PaymentMethod | undefined {
  const id = invoice.parent?.subscription_details.subscription;
  const subscription = id === undefined ? undefined : call.store.get('subscriptions', id);
  const own = invoice.default_payment_method ?? subscription?.default_payment_method ?? null;
  return defaultPaymentMethodOf(call, { customer: invoice.customer, default_payment_method: own });
}

/** What is charged unless something else is asked for: its own payment method, or that of its customer. */
export function defaultPaymentMethodOf(
  call: Call,
  payer: { readonly customer: string; readonly default_payment_method: string | null },
): PaymentMethod | undefined {
  const customer = call.store.get('customers', payer.customer);
  const ids = [
    payer.default_payment_method,
    customer?.invoice_settings.default_payment_method,
    customer?.default_source,
  ];
  const id = ids.find((each) => each);
  return id ? call.store.get('payment_methods', id) : undefined;
}
