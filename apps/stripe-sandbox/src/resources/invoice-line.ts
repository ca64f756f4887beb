import type { InvoiceItem } from './invoice-item.js';
import type { DiscountAmount, PretaxCreditAmount } from './pretax-credit.js';
import type { TaxAmount } from './tax.js';

/** As stored: with its own tax rates, code and behavior, which `renderLine` leaves out. */
export type InvoiceLine = Pick<
  InvoiceItem,
  | 'amount'
  | 'currency'
  | 'description'
  | 'discountable'
  | 'metadata'
  | 'own_tax_behavior'
  | 'own_tax_code'
  | 'period'
  | 'pricing'
> & {
  readonly id: string;
  readonly object: 'line_item';
  readonly discount_amounts: readonly DiscountAmount[];
  /** What is taken off this line alone. */
  readonly discounts: readonly string[];
  readonly livemode: false;
  readonly own_tax_rates?: readonly string[];
  readonly pretax_credit_amounts: readonly PretaxCreditAmount[];
  /** Null where it is no whole number. */
  readonly quantity: number | null;
  readonly quantity_decimal: string;
  readonly invoice: string;
  readonly parent: InvoiceItemParent | SubscriptionItemParent;
  readonly subscription: string | null;
  readonly subtotal: number;
  readonly taxes: readonly TaxAmount[];
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

/** The line as Stripe answers it. */
export function renderLine({
  own_tax_behavior: _behavior,
  own_tax_code: _code,
  own_tax_rates: _rates,
  ...line
}: InvoiceLine): object {
  return line;
}
