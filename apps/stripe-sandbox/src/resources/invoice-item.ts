import type { Metadata } from '../http/metadata.js';
import { newId } from '../ids.js';

const untouched = {
  customer_account: null,
  discounts: [],
  livemode: false,
  parent: null,
  proration: false,
  tax_rates: [],
  test_clock: null,
} as const;

export type InvoiceItem = typeof untouched & {
  readonly id: string;
  readonly object: 'invoiceitem';
  readonly amount: number;
  readonly currency: string;
  readonly customer: string;
  readonly date: number;
  readonly description: string | null;
  readonly discountable: boolean;
  /** Null while it waits for the customer's next invoice. */
  readonly invoice: string | null;
  readonly metadata: Metadata;
  readonly net_amount: number;
  readonly period: { readonly end: number; readonly start: number };
  readonly pricing: { readonly type: 'price_details'; readonly unit_amount_decimal: string };
  readonly quantity: 1;
  readonly quantity_decimal: '1';
};

export type NewInvoiceItem = Pick<
  InvoiceItem,
  'amount' | 'currency' | 'customer' | 'description' | 'discountable' | 'invoice' | 'metadata' | 'period'
>;

export function newInvoiceItem(fields: NewInvoiceItem, date: number): InvoiceItem {
  return {
    ...untouched,
    ...fields,
    id: newId('ii'),
    object: 'invoiceitem',
    date,
    net_amount: fields.amount,
    pricing: { type: 'price_details', unit_amount_decimal: String(fields.amount) },
    quantity: 1,
    quantity_decimal: '1',
  };
}
