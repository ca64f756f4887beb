import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import type { Invoice } from './invoice.js';
import type { PaymentIntent } from './payment-intent.js';

/** The link between an invoice and the payment intent that pays it. */
export interface InvoicePayment {
  readonly id: string;
  readonly object: 'invoice_payment';
  readonly amount_paid: number | null;
  readonly amount_requested: number;
  readonly created: number;
  readonly currency: string;
  readonly invoice: string;
  /** The one that finalization made, not one that was attached. */
  readonly is_default: boolean;
  readonly livemode: false;
  readonly payment: { readonly type: 'payment_intent'; readonly payment_intent: string };
  readonly status: 'canceled' | 'open' | 'paid';
  readonly status_transitions: { readonly canceled_at: number | null; readonly paid_at: number | null };
}

export function createInvoicePayment(call: Call, invoice: Invoice, intent: PaymentIntent): InvoicePayment {
  return call.store.put('invoice_payments', {
    id: newId('inpay'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: intent.amount,
    created: call.now,
    currency: intent.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { type: 'payment_intent', payment_intent: intent.id },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  });
}

/** A payment that was made by itself, and pays this invoice. */
export function attachToInvoice(call: Call, invoice: Invoice, intent: PaymentIntent): void {
  const payment = createInvoicePayment(call, invoice, intent);
  markInvoicePaymentPaid(call, { ...payment, is_default: false });
}

/** True for one that is the payment of some invoice. */
export function isOfInvoice(call: Call, intentId: string): boolean {
  return call.store.all('invoice_payments').some(({ payment }) => payment.payment_intent === intentId);
}

export function markInvoicePaymentPaid(call: Call, payment: InvoicePayment): void {
  const paid = call.store.put('invoice_payments', {
    ...payment,
    amount_paid: payment.amount_requested,
    status: 'paid',
    status_transitions: { ...payment.status_transitions, paid_at: call.now },
  });
  call.emit('invoice_payment.paid', paid);
}

/** After a credit note: the payment asks for less. */
export function changeRequestedAmount(call: Call, payment: InvoicePayment, amount: number): void {
  call.store.put('invoice_payments', { ...payment, amount_requested: amount });
}

export function cancelInvoicePayment(call: Call, payment: InvoicePayment): void {
  call.store.put('invoice_payments', {
    ...payment,
    status: 'canceled',
    status_transitions: { ...payment.status_transitions, canceled_at: call.now },
  });
}

/** The open payment of an invoice with its intent; there is none when nothing is left to charge. */
export function openPaymentOf(
  call: Call,
  invoiceId: string,
): { readonly payment: InvoicePayment; readonly intent: PaymentIntent } | undefined {
  const payment = call.store.childrenOf('invoice_payments', invoiceId).find(({ status }) => status === 'open');
  const intent = payment && call.store.get('payment_intents', payment.payment.payment_intent);
  return payment && intent && { payment, intent };
}
