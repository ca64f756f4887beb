import { invalidRequest } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import type { InvoiceItem } from './invoice-item.js';
import { putInvoice, type Invoice } from './invoice.js';

const untouched = {
  discount_amounts: [],
  discounts: [],
  livemode: false,
  pretax_credit_amounts: [],
  subscription: null,
  taxes: [],
} as const;

export type InvoiceLine = typeof untouched &
  Pick<
    InvoiceItem,
    | 'amount'
    | 'currency'
    | 'description'
    | 'discountable'
    | 'metadata'
    | 'period'
    | 'pricing'
    | 'quantity'
    | 'quantity_decimal'
  > & {
    readonly id: string;
    readonly object: 'line_item';
    readonly invoice: string;
    readonly parent: {
      readonly invoice_item_details: {
        readonly invoice_item: string;
        readonly proration: false;
        readonly proration_details: { readonly credited_items: null };
        readonly subscription: null;
      };
      readonly subscription_item_details: null;
      readonly type: 'invoice_item_details';
    };
    readonly subtotal: number;
  };

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
        proration: false,
        proration_details: { credited_items: null },
        subscription: null,
      },
      subscription_item_details: null,
      type: 'invoice_item_details',
    },
    period: item.period,
    pricing: item.pricing,
    quantity: item.quantity,
    quantity_decimal: item.quantity_decimal,
    subtotal: item.amount,
  });
  addUp(call, invoice, item.amount);
}

/** Takes the item's line off the draft. */
export function removeLine(call: Call, invoice: Invoice, itemId: string): void {
  const line = call.store
    .childrenOf('invoice_lines', invoice.id)
    .find(({ parent }) => parent.invoice_item_details.invoice_item === itemId);
  if (line === undefined) return;
  call.store.delete('invoice_lines', line.id);
  addUp(call, invoice, -line.amount);
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
