import type { Metadata } from '../http/metadata.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import type { Address } from './address.js';
import type { Customer } from './customer.js';
import { waitUntil } from './due.js';
import { renderLine } from './invoice-line.js';
import type { DiscountAmount, PretaxCreditAmount } from './pretax-credit.js';
import { taxRatesOf, type TaxAmount } from './tax.js';
import type { TaxId } from './tax-id-routes.js';

const untouched = {
  account_country: 'US',
  account_name: 'Stripe sandbox',
  account_tax_ids: null,
  amount_overpaid: 0,
  amount_shipping: 0,
  application: null,
  custom_fields: null,
  customer_account: null,
  customer_shipping: null,
  default_source: null,
  from_invoice: null,
  issuer: { type: 'self' },
  last_finalization_error: null,
  latest_revision: null,
  livemode: false,
  on_behalf_of: null,
  payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  statement_descriptor: null,
  webhooks_delivered_at: null,
} as const;

export type InvoiceStatus = 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';

/** As stored: without its lines, which `renderInvoice` adds. */
export type Invoice = typeof untouched & {
  readonly id: string;
  readonly object: 'invoice';
  readonly amount_due: number;
  readonly amount_paid: number;
  readonly amount_remaining: number;
  readonly attempt_count: number;
  readonly attempted: boolean;
  readonly auto_advance: boolean;
  readonly automatic_tax: {
    readonly disabled_reason: null;
    readonly enabled: boolean;
    readonly liability: { readonly type: 'self' } | null;
    readonly provider: 'stripe' | null;
    readonly status: 'complete' | 'requires_location_inputs' | null;
  };
  readonly automatically_finalizes_at: number | null;
  readonly billing_reason: 'manual' | 'subscription_create' | 'subscription_cycle' | 'subscription_update';
  readonly collection_method: 'charge_automatically' | 'send_invoice';
  readonly created: number;
  readonly currency: string;
  readonly customer: string;
  readonly customer_address: Address | null;
  readonly customer_email: string | null;
  readonly customer_name: string | null;
  /** Those of the customer when it was finalized; none of a draft. */
  readonly customer_tax_ids: readonly Pick<TaxId, 'type' | 'value'>[];
  readonly customer_phone: string | null;
  readonly customer_tax_exempt: 'exempt' | 'none' | 'reverse';
  readonly default_payment_method: string | null;
  /** Ids; of every line that has no tax rates of its own. */
  readonly default_tax_rates: readonly string[];
  readonly description: string | null;
  readonly discounts: readonly string[];
  readonly due_date: number | null;
  readonly effective_at: number | null;
  readonly ending_balance: number | null;
  readonly footer: string | null;
  readonly hosted_invoice_url: string | null;
  readonly invoice_pdf: string | null;
  readonly metadata: Metadata;
  readonly next_payment_attempt: number | null;
  readonly number: string | null;
  readonly parent: {
    readonly quote_details: null;
    readonly subscription_details: { readonly metadata: Metadata; readonly subscription: string };
    readonly type: 'subscription_details';
  } | null;
  readonly period_end: number;
  readonly period_start: number;
  readonly post_payment_credit_notes_amount: number;
  readonly pre_payment_credit_notes_amount: number;
  readonly starting_balance: number;
  readonly status: InvoiceStatus;
  readonly status_transitions: {
    readonly finalized_at: number | null;
    readonly marked_uncollectible_at: number | null;
    readonly paid_at: number | null;
    readonly voided_at: number | null;
  };
  readonly subtotal: number;
  readonly subtotal_excluding_tax: number;
  readonly test_clock: string | null;
  readonly total: number;
  readonly total_discount_amounts: readonly DiscountAmount[];
  readonly total_excluding_tax: number;
  readonly total_pretax_credit_amounts: readonly PretaxCreditAmount[];
  readonly total_taxes: readonly TaxAmount[];
};

type InvoiceChoices = Pick<Invoice, 'currency'> &
  Partial<
    Pick<
      Invoice,
      | 'auto_advance'
      | 'billing_reason'
      | 'collection_method'
      | 'default_tax_rates'
      | 'discounts'
      | 'due_date'
      | 'parent'
      | 'period_end'
      | 'period_start'
    >
  >;

/** Whether the tax of an invoice is computed; what came of it is not known yet. */
export function automaticTax(enabled: boolean): Invoice['automatic_tax'] {
  return {
    disabled_reason: null,
    enabled,
    liability: enabled ? { type: 'self' } : null,
    provider: enabled ? 'stripe' : null,
    status: null,
  };
}

/** A draft without lines, of nothing but what is chosen. */
export function blankInvoice(customer: Customer, choices: InvoiceChoices, created: number): Invoice {
  return {
    ...untouched,
    ...customerFieldsOf(customer),
    id: newId('in'),
    object: 'invoice',
    amount_due: 0,
    amount_paid: 0,
    amount_remaining: 0,
    attempt_count: 0,
    attempted: false,
    auto_advance: false,
    automatic_tax: automaticTax(false),
    automatically_finalizes_at: null,
    billing_reason: 'manual',
    collection_method: 'charge_automatically',
    created,
    customer_tax_ids: [],
    default_payment_method: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    parent: null,
    period_end: created,
    period_start: created,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    starting_balance: 0,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: 0,
    subtotal_excluding_tax: 0,
    test_clock: customer.test_clock,
    total: 0,
    total_discount_amounts: [],
    total_excluding_tax: 0,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    ...choices,
  };
}

/** The customer as an invoice shows it: until it is finalized an invoice follows its customer. */
export function customerFieldsOf(customer: Customer) {
  return {
    customer: customer.id,
    customer_address: customer.address,
    customer_email: customer.email,
    customer_name: customer.name,
    customer_phone: customer.phone,
    customer_tax_exempt: customer.tax_exempt,
  };
}

/** The invoice as Stripe answers it: with the first ten of its lines. */
export function renderInvoice(call: Call, invoice: Invoice): object {
  const lines = call.store.childrenOf('invoice_lines', invoice.id);
  const data = lines.slice(0, 10).map(renderLine);
  const url = `/v1/invoices/${invoice.id}/lines`;
  return {
    ...invoice,
    default_tax_rates: taxRatesOf(call, invoice.default_tax_rates),
    lines: { object: 'list', data, has_more: lines.length > 10, url },
  };
}

/** Notes when something happens with the invoice by itself, which is never without `auto_advance`. */
export function waitForInvoice(call: Call, invoice: Invoice): void {
  const sends = invoice.collection_method === 'send_invoice';
  const open = sends ? laterThan(invoice.due_date, call.now) : invoice.next_payment_attempt;
  const draft = invoice.auto_advance ? invoice.automatically_finalizes_at : null;
  const at = invoice.status === 'draft' ? draft : invoice.status === 'open' ? open : null;
  waitUntil(call, 'invoice', invoice, at);
}

function laterThan(instant: number | null, now: number): number | null {
  return instant !== null && instant > now ? instant : null;
}

export function putInvoice(call: Call, invoice: Invoice, change: Partial<Invoice>): Invoice {
  return call.store.put('invoices', { ...invoice, ...change });
}

export function invoiceOf(call: Call, id: string, param = 'id'): Invoice {
  const invoice = call.store.get('invoices', id);
  if (invoice === undefined) throw noSuch('invoice', id, param);
  return invoice;
}

export function draftOf(call: Call, id: string, param = 'id'): Invoice {
  const invoice = invoiceOf(call, id, param);
  if (invoice.status === 'draft') return invoice;
  throw invalidRequest(
    `Invoice ${id} is ${invoice.status}: only a draft can be changed in this way.`,
    param === 'id' ? undefined : param,
    'invoice_not_editable',
  );
}
