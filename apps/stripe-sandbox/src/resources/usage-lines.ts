import type { Call } from '../sandbox.js';
import { formatAmount } from './currency.js';
import { addSubscriptionLine, removeLines } from './draft-lines.js';
import { invoiceOf, type Invoice } from './invoice.js';
import { usageOf } from './meter-usage.js';
import { newInvoiceItem, renderInvoiceItem } from './invoice-item.js';
import { priceAmounts, type PricedAmount } from './price-amounts.js';
import { priceOf, type Price } from './price.js';
import { productOf } from './product.js';
import type { Subscription, SubscriptionItem } from './subscription.js';

export interface Period {
  readonly start: number;
  readonly end: number;
}

/** Bills the usage of a metered item in the period, in arrears. */
export function addUsage(
  call: Call,
  invoice: Invoice,
  item: SubscriptionItem,
  period: Period,
  until = period.end,
): void {
  const price = priceOf(call, item.price);
  const meter = price.recurring?.meter;
  if (meter === null || meter === undefined || until <= period.start) return;
  const quantity = usageOf(call, meter, invoice.customer, period.start, until);
  for (const line of priceAmounts(price, quantity.startsWith('-') ? '0' : quantity)) {
    addSubscriptionLine(call, invoice.id, item, price, {
      amount: line.amount,
      description: lineDescription(call, price, line),
      period,
      quantity: line.quantity,
      unitAmount: line.unitAmount,
    });
  }
}

/** Bills usage of a metered item as addUsage does, but with the next invoice. */
export function pendUsage(
  call: Call,
  subscription: Subscription,
  item: SubscriptionItem,
  period: Period,
  until: number,
): void {
  const price = priceOf(call, item.price);
  const quantity = usageOf(call, price.recurring!.meter!, subscription.customer, period.start, until);
  if (quantity === '0' || quantity.startsWith('-')) return;
  for (const line of priceAmounts(price, quantity)) {
    const fields = {
      amount: line.amount,
      currency: subscription.currency,
      customer: subscription.customer,
      description: lineDescription(call, price, line),
      discountable: true,
      invoice: null,
      metadata: {},
      parent: {
        subscription_details: { subscription: subscription.id, subscription_item: item.id },
        type: 'subscription_details',
      },
      period,
      pricing: {
        price_details: { price: price.id, product: price.product },
        type: 'price_details',
        unit_amount_decimal: line.unitAmount,
      },
      quantity: Math.round(Number(line.quantity)),
      quantity_decimal: line.quantity,
      tax_rates: item.tax_rates ?? [],
      test_clock: subscription.test_clock,
    } as const;
    const entry = call.store.put('invoice_items', newInvoiceItem(fields, call.now));
    call.emit('invoiceitem.created', renderInvoiceItem(call, entry));
  }
}

/** The invoice; while it is a draft of a period that has ended, with all usage of the period that has been counted by now. */
export function withPresentUsage(call: Call, invoice: Invoice): Invoice {
  if (invoice.status !== 'draft' || invoice.billing_reason !== 'subscription_cycle') return invoice;
  const lines = call.store.childrenOf('invoice_lines', invoice.id);
  const counted = Map.groupBy(lines, ({ parent }) => parent.subscription_item_details?.subscription_item);
  for (const [itemId, ofItem] of counted) {
    const item = itemId === undefined ? undefined : call.store.get('subscription_items', itemId);
    if (item === undefined || item.quantity !== null) continue;
    const { period } = ofItem[0]!;
    const price = priceOf(call, item.price);
    const quantity = usageOf(call, price.recurring!.meter!, invoice.customer, period.start, period.end);
    const present = priceAmounts(price, quantity.startsWith('-') ? '0' : quantity);
    const told = ofItem.map(({ quantity_decimal: each }) => each).sort();
    if (JSON.stringify(told) === JSON.stringify(present.map(({ quantity: each }) => each).sort())) continue;
    removeLines(call, invoice.id, ofItem);
    addUsage(call, invoiceOf(call, invoice.id), item, period);
  }
  return invoiceOf(call, invoice.id);
}

function lineDescription(call: Call, price: Price, line: PricedAmount): string {
  const tier = line.tier === null ? '' : ` (Tier ${line.tier}${line.isFlat ? ', flat fee' : ''})`;
  return `${descriptionOf(call, price, line.quantity)}${tier}`;
}

/** What a line says of units of a price. */
export function descriptionOf(call: Call, price: Price, quantity: string): string {
  const { name } = productOf(call, price.product);
  const { interval, interval_count: count } = price.recurring!;
  const each =
    price.unit_amount === null
      ? ''
      : ` (at ${formatAmount(price.unit_amount, price.currency)} / ${count === 1 ? '' : `${count} `}${interval})`;
  return `${quantity} × ${name}${each}`;
}
