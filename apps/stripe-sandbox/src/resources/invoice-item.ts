import type { Metadata } from '../http/metadata.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { taxRatesOf } from './tax.js';

const untouched = {
  customer_account: null,
  livemode: false,
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
  readonly discounts: readonly string[];
  /** Null while it waits for the customer's next invoice. */
  readonly invoice: string | null;
  readonly metadata: Metadata;
  readonly net_amount: number;
  /** Kept for a tax that is computed, and left out of answers, as is the code. */
  readonly own_tax_behavior?: 'exclusive' | 'inclusive' | 'unspecified';
  readonly own_tax_code?: string | null;
  /** The subscription that it comes from. */
  readonly parent: {
    readonly subscription_details: { readonly subscription: string; readonly subscription_item: string };
    readonly type: 'subscription_details';
  } | null;
  readonly period: { readonly end: number; readonly start: number };
  readonly pricing: {
    readonly price_details?: { readonly price: string; readonly product: string };
    readonly type: 'price_details';
    readonly unit_amount_decimal: string;
  };
  readonly proration: boolean;
  readonly quantity: number;
  readonly quantity_decimal: string;
  /** Ids. */
  readonly tax_rates: readonly string[];
  readonly test_clock: string | null;
};

export type NewInvoiceItem = Pick<
  InvoiceItem,
  'amount' | 'currency' | 'customer' | 'description' | 'discountable' | 'invoice' | 'metadata' | 'period'
> &
  Partial<
    Pick<
      InvoiceItem,
      | 'discounts'
      | 'own_tax_behavior'
      | 'own_tax_code'
      | 'parent'
      | 'pricing'
      | 'proration'
      | 'quantity'
      | 'quantity_decimal'
      | 'tax_rates'
      | 'test_clock'
    >
  >;

export function newInvoiceItem(fields: NewInvoiceItem, date: number): InvoiceItem {
  return {
    ...untouched,
    id: newId('ii'),
    object: 'invoiceitem',
    date,
    discounts: [],
    net_amount: fields.amount,
    parent: null,
    pricing: { type: 'price_details', unit_amount_decimal: String(fields.amount) },
    proration: false,
    quantity: 1,
    quantity_decimal: '1',
    tax_rates: [],
    test_clock: null,
    ...fields,
  };
}

/** The item as Stripe answers it. */
export function renderInvoiceItem(
  call: Call,
  { own_tax_behavior: _behavior, own_tax_code: _code, ...item }: InvoiceItem,
): object {
  return { ...item, tax_rates: taxRatesOf(call, item.tax_rates) };
}
