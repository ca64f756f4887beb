import { invalidRequest } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { refuseIncompatible } from './automatic-tax.js';
import { activeDiscounts } from './discount.js';
import type { InvoiceItem } from './invoice-item.js';
import type { InvoiceLine } from './invoice-line.js';
import { addUpInvoice } from './invoice-totals.js';
import { invoiceOf, type Invoice } from './invoice.js';
import type { Price } from './price.js';
import type { SubscriptionItem } from './subscription.js';

const untouched = { discount_amounts: [], livemode: false, pretax_credit_amounts: [], taxes: [] } as const;

/** Stripe takes at most this many items on one invoice. */
const maximumLines = 250;

/** Puts the item on the draft as a line, and adds it up. */
export function addLine(call: Call, invoice: Invoice, item: InvoiceItem): void {
  if (call.store.childrenOf('invoice_lines', invoice.id).length >= maximumLines) {
    throw invalidRequest(`An invoice can have at most ${maximumLines} invoice items.`, 'invoice');
  }
  refuseIncompatible(invoice, item);
  call.store.put('invoice_lines', {
    ...untouched,
    id: newId('il'),
    object: 'line_item',
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    discountable: item.discountable,
    discounts: item.discounts,
    invoice: invoice.id,
    metadata: item.metadata,
    ...taxChoicesOf(item),
    own_tax_rates: item.tax_rates,
    parent: {
      invoice_item_details: {
        invoice_item: item.id,
        proration: item.proration,
        proration_details: { credited_items: null },
        subscription: item.parent?.subscription_details.subscription ?? null,
      },
      subscription_item_details: null,
      type: 'invoice_item_details',
    },
    period: item.period,
    pricing: item.pricing,
    quantity: item.quantity,
    quantity_decimal: item.quantity_decimal,
    subscription: item.parent?.subscription_details.subscription ?? null,
    subtotal: item.amount,
  });
  addUpInvoice(call, invoice.id);
}

/** Puts what a subscription costs on the draft as a line, and adds it up. */
export function addSubscriptionLine(
  call: Call,
  invoiceId: string,
  item: Pick<SubscriptionItem, 'discounts' | 'id' | 'metadata' | 'subscription' | 'tax_rates'>,
  price: Price,
  line: Pick<InvoiceLine, 'amount' | 'description' | 'period'> & {
    readonly quantity: string;
    readonly unitAmount: string;
  },
): void {
  const invoice = invoiceOf(call, invoiceId);
  call.store.put('invoice_lines', {
    ...untouched,
    id: newId('il'),
    object: 'line_item',
    amount: line.amount,
    currency: invoice.currency,
    description: line.description,
    discountable: true,
    discounts: activeDiscounts(call, item.discounts ?? []),
    invoice: invoice.id,
    metadata: item.metadata,
    own_tax_rates: item.tax_rates ?? [],
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription: item.subscription,
        subscription_item: item.id,
      },
      type: 'subscription_item_details',
    },
    period: line.period,
    pricing: {
      price_details: { price: price.id, product: price.product },
      type: 'price_details',
      unit_amount_decimal: line.unitAmount,
    },
    quantity: /^\d+$/.test(line.quantity) ? Number(line.quantity) : null,
    quantity_decimal: line.quantity,
    subscription: item.subscription,
    subtotal: line.amount,
  });
  addUpInvoice(call, invoice.id);
}

/** Has the item's line on the draft say what the item says now, and adds the draft up. */
export function changeLine(call: Call, invoice: Invoice, item: InvoiceItem): void {
  const line = lineOfItem(call, invoice, item.id);
  if (line === undefined) return;
  refuseIncompatible(invoice, item);
  const { amount, description, discountable, discounts, metadata, period, pricing } = item;
  const copied = { amount, description, discountable, discounts, metadata, period, pricing };
  call.store.put('invoice_lines', {
    ...line,
    ...copied,
    ...taxChoicesOf(item),
    own_tax_rates: item.tax_rates,
    subtotal: amount,
  });
  addUpInvoice(call, invoice.id);
}

function taxChoicesOf({ own_tax_behavior: behavior, own_tax_code: code }: InvoiceItem) {
  return {
    ...(behavior !== undefined && { own_tax_behavior: behavior }),
    ...(code !== undefined && { own_tax_code: code }),
  };
}

function lineOfItem(call: Call, invoice: Invoice, itemId: string): InvoiceLine | undefined {
  return call.store
    .childrenOf('invoice_lines', invoice.id)
    .find(({ parent }) => parent.invoice_item_details?.invoice_item === itemId);
}

/** Takes the item's line off the draft. */
export function removeLine(call: Call, invoice: Invoice, itemId: string): void {
  const line = lineOfItem(call, invoice, itemId);
  if (line === undefined) return;
  call.store.delete('invoice_lines', line.id);
  addUpInvoice(call, invoice.id);
}

/** Takes lines off the draft. */
export function removeLines(call: Call, invoiceId: string, lines: readonly InvoiceLine[]): void {
  for (const line of lines) call.store.delete('invoice_lines', line.id);
  addUpInvoice(call, invoiceId);
}
