import type { Expandable, Resolve } from '../http/expand.js';
import { renderCreditNote } from './credit-note.js';
import { renderDiscount } from './discount.js';
import { renderInvoice } from './invoice.js';
import { renderPrice } from './price.js';
import { renderSubscription } from './subscription.js';

const customer: Resolve = (call, id) => call.store.get('customers', id) ?? call.store.get('deleted_customers', id);
const paymentMethod: Resolve = (call, id) => call.store.get('payment_methods', id);
const paymentIntent: Resolve = (call, id) => call.store.get('payment_intents', id);
const setupIntent: Resolve = (call, id) => call.store.get('setup_intents', id);
const charge: Resolve = (call, id) => call.store.get('charges', id);
const invoice: Resolve = (call, id) => {
  const found = call.store.get('invoices', id);
  return found && renderInvoice(call, found);
};
const price: Resolve = (call, id) => {
  const found = call.store.get('prices', id);
  return found && renderPrice(found);
};
const product: Resolve = (call, id) => call.store.get('products', id);
const subscription: Resolve = (call, id) => {
  const found = call.store.get('subscriptions', id);
  return found && renderSubscription(call, found);
};
const testClock: Resolve = (call, id) => call.store.get('test_clocks', id);
const customerTransaction: Resolve = (call, id) => call.store.get('balance_transactions', id);
const accountTransaction: Resolve = (call, id) => call.store.get('account_transactions', id);
const creditNote: Resolve = (call, id) => {
  const found = call.store.get('credit_notes', id);
  return found && renderCreditNote(call, found);
};
const discount: Resolve = (call, id) => {
  const found = call.store.get('discounts', id);
  return found && renderDiscount(found);
};
const coupon: Resolve = (call, id) => call.store.get('coupons', id);
/** A field that is always null here, but that Stripe lets requests expand. */
const nothing: Resolve = () => undefined;

/** The fields that `expand` knows, by the `object` that they belong to. */
export const expandables: Readonly<Record<string, Expandable>> = {
  customer: {
    'invoice_settings.default_payment_method': paymentMethod,
    default_source: nothing,
    test_clock: testClock,
    subscriptions: {
      include: (call, id) => ({
        object: 'list',
        data: call.store
          .childrenOf('subscriptions', id)
          .slice(0, 10)
          .map((each) => renderSubscription(call, each)),
        has_more: false,
        url: `/v1/customers/${id}/subscriptions`,
      }),
    },
    tax_ids: {
      include: (call, id) => ({
        object: 'list',
        data: call.store.childrenOf('tax_ids', id),
        has_more: false,
        url: `/v1/customers/${id}/tax_ids`,
      }),
    },
  },
  customer_balance_transaction: { credit_note: creditNote, customer, invoice },
  tax_id: { customer },
  product: { default_price: price },
  price: { product, tiers: { include: (call, id) => call.store.get('prices', id)?.tiers ?? [] } },
  subscription: {
    customer,
    default_payment_method: paymentMethod,
    discounts: discount,
    latest_invoice: invoice,
    pending_setup_intent: nothing,
    schedule: nothing,
    test_clock: testClock,
  },
  subscription_item: { discounts: discount, subscription },
  discount: { customer, promotion_code: nothing, 'source.coupon': coupon },
  line_item: { discounts: discount, 'pricing.price_details.price': price, subscription },
  'billing_portal.session': { configuration: (call, id) => call.store.get('portal_configurations', id) },
  payment_method: { customer },
  setup_intent: { customer, latest_attempt: nothing, payment_method: paymentMethod },
  'checkout.session': { customer, payment_intent: paymentIntent, setup_intent: setupIntent, subscription: nothing },
  invoice: {
    customer,
    default_payment_method: paymentMethod,
    discounts: discount,
    latest_revision: nothing,
    'parent.subscription_details.subscription': subscription,
    test_clock: testClock,
    payments: {
      include: (call, id) => ({
        object: 'list',
        data: call.store.childrenOf('invoice_payments', id).slice(0, 10),
        has_more: false,
        url: `/v1/invoice_payments?invoice=${id}`,
      }),
    },
  },
  'billing.alert': { 'usage_threshold.meter': (call, id) => call.store.get('meters', id) },
  'billing.credit_grant': { customer, test_clock: testClock },
  'billing.credit_balance_transaction': {
    credit_grant: (call, id) => call.store.get('credit_grants', id),
    test_clock: testClock,
  },
  'entitlements.active_entitlement': { feature: (call, id) => call.store.get('features', id) },
  invoiceitem: { customer, discounts: discount, invoice },
  invoice_payment: { invoice, 'payment.payment_intent': paymentIntent, 'payment.charge': nothing },
  payment_intent: { customer, latest_charge: charge, payment_method: paymentMethod },
  balance_transaction: {
    source: (call, id) =>
      call.store.get('charges', id) ?? call.store.get('refunds', id) ?? call.store.get('disputes', id),
  },
  charge: { balance_transaction: accountTransaction, customer, payment_intent: paymentIntent },
  dispute: { charge, payment_intent: paymentIntent },
  refund: {
    balance_transaction: accountTransaction,
    charge,
    customer,
    payment_intent: paymentIntent,
    payment_method: paymentMethod,
  },
  credit_note: { customer, customer_balance_transaction: customerTransaction, invoice },
};
