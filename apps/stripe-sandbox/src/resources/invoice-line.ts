import { invalidRequest } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import type { InvoiceItem } from './invoice-item.js';
import { invoiceOf, putInvoice, type Invoice } from './invoice.js';
import type { Price } from './price.js';
import type { SubscriptionItem } from './subscription.js';

const untouched = {
  discount_amounts: [],
  discounts: [],
  livemode: false,
  pretax_credit_amounts: [],
  taxes: [],
} as const;

export type InvoiceLine = typeof untouched &
  Pick<InvoiceItem, 'amount' | 'currency' | 'description' | 'discountable' | 'metadata' | 'period' | 'pricing'> & {
    readonly id: string;
    readonly object: 'line_item';
    /** Null where it is no whole number. */
    readonly quantity: number | null;
    readonly quantity_decimal: string;
    readonly invoice: string;
    readonly parent: InvoiceItemParent | SubscriptionItemParent;
    readonly subscription: string | null;
    readonly subtotal: number;
  };

interface InvoiceItemParent {
  readonly invoice_item_details: {
    readonly invoice_item: string;
    readonly proration: boolean;
    readonly proration_details: { readonly credited_items: null };
    readonly subscription: string | null;
  };
  readonly subscription_item_details: null;
  readonly type: 'invoice_item_details';
}

interface SubscriptionItemParent {
  readonly invoice_item_details: null;
  readonly subscription_item_details: {
    readonly invoice_item: null;
    readonly proration: false;
    readonly proration_details: { readonly credited_items: null };
    readonly subscription: string;
    readonly subscription_item: string;
  };
  readonly type: 'subscription_item_details';
}

/** Stripe takes at most this many items on one invoice. */
const maximumLines = 250;

/** Puts the item on the draft as a line, and adds it up. */
export function addLine(call: Call, invoice: Invoice, item: InvoiceItem): void {
  if (call.store.childrenOf('invoice_lines', invoice.id).length >= maximumLines) {
    throw invalidRequest(`An invoice can have at most ${maximumLines} invoice items.`, 'invoice');
  }
  call.store.put('invoice_lines', {
    ...untouched,
    id: newId('il'),
    object: 'line_item',
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    discountable: item.discountable,
    invoice: invoice.id,
    metadata: item.metadata,
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
  addUp(call, invoice, item.amount);
}

/** Puts what a subscription costs on the draft as a line, and adds it up. */
export function addSubscriptionLine(
  call: Call,
  invoiceId: string,
  item: Pick<SubscriptionItem, 'id' | 'metadata' | 'subscription'>,
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
    invoice: invoice.id,
    metadata: item.metadata,
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
  addUp(call, invoice, line.amount);
}

/** Takes the item's line off the draft. */
export function removeLine(call: Call, invoice: Invoice, itemId: string): void {
  const line = call.store
    .childrenOf('invoice_lines', invoice.id)
    .find(({ parent }) => parent.invoice_item_details?.invoice_item === itemId);
  if (line === undefined) return;
  call.store.delete('invoice_lines', line.id);
  addUp(call, invoice, -line.amount);
}

/** Takes lines off the draft. */
export function removeLines(call: Call, invoiceId: string, lines: readonly InvoiceLine[]): void {
  for (const line of lines) {
    call.store.delete('invoice_lines', line.id);
    addUp(call, invoiceOf(call, invoiceId), -line.amount);
  }
}

/** Nothing here is taxed or discounted, so every sum of a draft is the sum of its lines. */
function addUp(call: Call, invoice: Invoice, change: number): void {
  const total = invoice.total + change;
  const due = Math.max(0, total);
  putInvoice(call, invoice, {
    amount_due: due,
    amount_remaining: due,
    subtotal: total,
    subtotal_excluding_tax: total,
    total,
    total_excluding_tax: total,
  });
}
