import type { Call } from '../sandbox.js';
import { customerOf } from './customer.js';
import { activeDiscounts } from './discount.js';
import { finalizeInvoice } from './finalize-invoice.js';
import { includePendingItems } from './pending-items.js';
import { addSubscriptionLine } from './draft-lines.js';
import { blankInvoice, invoiceOf, putInvoice, renderInvoice, waitForInvoice, type Invoice } from './invoice.js';
import { priceAmounts } from './price-amounts.js';
import { priceOf } from './price.js';
import { productOf } from './product.js';
import { roundedShare } from './exact.js';
import { subscriptionItemsOf, type Subscription, type SubscriptionItem } from './subscription.js';
import { addUsage, descriptionOf, type Period } from './usage-lines.js';

const draftSeconds = 3600;

/** A draft of the subscription, without lines. */
export function draftFor(call: Call, subscription: Subscription, reason: Invoice['billing_reason'], period: Period) {
  const customer = customerOf(call, subscription.customer, 'customer');
  const sends = subscription.collection_method === 'send_invoice';
  const blank = blankInvoice(
    customer,
    {
      auto_advance: subscription.pause_collection?.behavior !== 'keep_as_draft',
      billing_reason: reason,
      collection_method: subscription.collection_method,
      currency: subscription.currency,
      default_tax_rates: subscription.default_tax_rates ?? [],
      discounts: activeDiscounts(call, subscription.discounts ?? []),
      due_date: sends ? call.now + draftSeconds + (subscription.days_until_due ?? 0) * 24 * 3600 : null,
      parent: {
        quote_details: null,
        subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
        type: 'subscription_details',
      },
      period_start: period.start,
      period_end: period.end,
    },
    call.now,
  );
  return call.store.put('invoices', blank);
}

/** Bills a licensed item for the period, or for the part of it that `share` is, in advance. */
export function addLicensed(
  call: Call,
  invoice: Invoice,
  item: SubscriptionItem,
  period: Period,
  share?: { readonly seconds: number; readonly of: number },
): void {
  const price = priceOf(call, item.price);
  if (item.quantity === null) return;
  for (const line of priceAmounts(price, String(item.quantity))) {
    const amount =
      share === undefined ? line.amount : roundedShare(BigInt(line.amount), BigInt(share.seconds), BigInt(share.of));
    addSubscriptionLine(call, invoice.id, item, price, {
      amount,
      description: descriptionOf(call, price, line.quantity),
      period,
      quantity: line.quantity,
      unitAmount: line.unitAmount,
    });
  }
}

/** Shows that the item costs nothing while it is tried. */
export function addTrial(call: Call, invoice: Invoice, item: SubscriptionItem, period: Period): void {
  if (item.quantity === null) return;
  const price = priceOf(call, item.price);
  const description = `Trial period for ${productOf(call, price.product).name}`;
  const line = { amount: 0, description, period, quantity: String(item.quantity), unitAmount: '0' };
  addSubscriptionLine(call, invoice.id, item, price, line);
}

/** The invoice at the end of a period: usage of the one that ended, and the one that begins. */
export function createCycleInvoice(
  call: Call,
  subscription: Subscription,
  ended: Period | null,
  begins: Period | null,
): Invoice {
  const draft = draftFor(call, subscription, 'subscription_cycle', ended ?? begins!);
  const items = subscriptionItemsOf(call, subscription.id);
  for (const item of items) if (ended) addUsage(call, draft, item, ended);
  for (const item of items) if (begins) addLicensed(call, draft, item, begins);
  includePendingItems(call, invoiceOf(call, draft.id));
  return announce(call, draft.id);
}

/** Says that the draft is there, and lets it be finalized in an hour. */
export function announce(call: Call, id: string): Invoice {
  const draft = invoiceOf(call, id);
  const dated = putInvoice(call, draft, {
    automatically_finalizes_at: draft.auto_advance ? call.now + draftSeconds : null,
  });
  call.emit('invoice.created', renderInvoice(call, dated));
  waitForInvoice(call, dated);
  return dated;
}

/** Finalizes at once, as is done with what a request of the customer makes. */
export function finalizeNow(call: Call, id: string): Invoice {
  const draft = invoiceOf(call, id);
  call.emit('invoice.created', renderInvoice(call, draft));
  return finalizeInvoice(call, draft);
}
