import type { IdempotentAnswer } from '../http/idempotency.js';
import type { Charge } from '../resources/charge.js';
import type { CheckoutSession } from '../resources/checkout-session.js';
import type { CreditNote } from '../resources/credit-note.js';
import type { Customer, DeletedCustomer } from '../resources/customer.js';
import type { StripeEvent } from '../resources/event.js';
import type { InvoiceItem } from '../resources/invoice-item.js';
import type { InvoiceLine } from '../resources/invoice-line.js';
import type { InvoicePayment } from '../resources/invoice-payment.js';
import type { Invoice } from '../resources/invoice.js';
import type { PaymentIntent } from '../resources/payment-intent.js';
import type { PaymentMethod } from '../resources/payment-method.js';
import type { Refund } from '../resources/refund.js';
import type { SetupIntent } from '../resources/setup-intent.js';
import type { PendingDelivery } from '../webhooks/delivery.js';

/** What the store holds, by collection. */
export interface Collections {
  customers: Customer;
  deleted_customers: DeletedCustomer;
  payment_methods: PaymentMethod;
  /** Ids that were detached: Stripe never lets them be attached again. */
  detached_payment_methods: { readonly id: string };
  setup_intents: SetupIntent;
  checkout_sessions: CheckoutSession;
  invoices: Invoice;
  invoice_items: InvoiceItem;
  invoice_lines: InvoiceLine;
  invoice_payments: InvoicePayment;
  credit_notes: CreditNote;
  payment_intents: PaymentIntent;
  charges: Charge;
  refunds: Refund;
  events: StripeEvent;
  idempotent_answers: IdempotentAnswer;
  webhook_deliveries: PendingDelivery;
}

/** The field by which `childrenOf` finds the objects of a collection. */
export const parentFields: { readonly [N in keyof Collections]?: string } = {
  payment_methods: 'customer',
  invoices: 'customer',
  invoice_items: 'customer',
  invoice_lines: 'invoice',
  invoice_payments: 'invoice',
  credit_notes: 'invoice',
  refunds: 'payment_intent',
};
