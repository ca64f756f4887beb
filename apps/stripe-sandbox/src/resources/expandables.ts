import type { Expandable, Resolve } from '../http/expand.js';
import { renderInvoice } from './invoice.js';

const customer: Resolve = (call, id) => call.store.get('customers', id) ?? call.store.get('deleted_customers', id);
const paymentMethod: Resolve = (call, id) => call.store.get('payment_methods', id);
const paymentIntent: Resolve = (call, id) => call.store.get('payment_intents', id);
const setupIntent: Resolve = (call, id) => call.store.get('setup_intents', id);
const charge: Resolve = (call, id) => call.store.get('charges', id);
const invoice: Resolve = (call, id) => {
  const found = call.store.get('invoices', id);
  return found && renderInvoice(call, found);
};
/** A field that is always null here, but that Stripe lets requests expand. */
const nothing: Resolve = () => undefined;

/** The fields that `expand` knows, by the `object` that they belong to. */
export const expandables: Readonly<Record<string, Expandable>> = {
  customer: { 'invoice_settings.default_payment_method': paymentMethod, default_source: nothing },
  payment_method: { customer },
  setup_intent: { customer, latest_attempt: nothing, payment_method: paymentMethod },
  'checkout.session': { customer, payment_intent: nothing, setup_intent: setupIntent, subscription: nothing },
  invoice: {
    customer,
    default_payment_method: paymentMethod,
    latest_revision: nothing,
    payments: {
      include: (call, id) => ({
        object: 'list',
        data: call.store.childrenOf('invoice_payments', id).slice(0, 10),
        has_more: false,
        url: `/v1/invoice_payments?invoice=${id}`,
      }),
    },
  },
  invoiceitem: { customer, invoice },
  invoice_payment: { invoice, 'payment.payment_intent': paymentIntent, 'payment.charge': nothing },
  payment_intent: { customer, latest_charge: charge, payment_method: paymentMethod },
  charge: { customer, payment_intent: paymentIntent },
  refund: {
    balance_transaction: nothing,
    charge,
    customer,
    payment_intent: paymentIntent,
    payment_method: paymentMethod,
  },
  credit_note: { customer, customer_balance_transaction: nothing, invoice },
};
