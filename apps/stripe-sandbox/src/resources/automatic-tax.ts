import { text, type ParamReader } from '../http/params.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import type { Customer } from './customer.js';
import type { InvoiceItem } from './invoice-item.js';
import type { Invoice } from './invoice.js';
import type { TaxAmount } from './tax.js';
import type { TaxRate } from './tax-rate-routes.js';

/** The code with which Stripe marks what no tax is on. */
const NONTAXABLE = 'txcd_00000000';

/** Stripe's code of books that are downloaded, the only ones here that have a rate of their own. */
const DIGITAL_BOOKS = 'txcd_10302000';

/** What the account is registered for, as the sandbox has it: rates of 2026. */
const VAT: Readonly<Record<string, number>> = {
  AT: 20,
  BE: 21,
  BG: 20,
  CY: 19,
  CZ: 21,
  DE: 19,
  DK: 25,
  EE: 24,
  ES: 21,
  FI: 25.5,
  FR: 20,
  GR: 24,
  HR: 25,
  HU: 27,
  IE: 23,
  IT: 22,
  LT: 21,
  LU: 17,
  LV: 21,
  MT: 18,
  NL: 21,
  PL: 23,
  PT: 23,
  RO: 21,
  SE: 25,
  SI: 22,
  SK: 23,
};
const VAT_ON_BOOKS: Readonly<Record<string, number>> = { DE: 7, FR: 5.5 };
const VAT_OUTSIDE: Readonly<Record<string, number>> = { CH: 8.1, GB: 20, NO: 25 };
const GST: Readonly<Record<string, number>> = { AU: 10, CA: 5, NZ: 15, SG: 9 };
const CANADIAN: Readonly<Record<string, Rate>> = {
  BC: { name: 'PST', percentage: 7, type: 'pst' },
  QC: { name: 'QST', percentage: 9.975, type: 'qst' },
};
const AMERICAN: Readonly<Record<string, number>> = { NY: 4, PA: 6, TX: 6.25, WA: 6.5 };

interface Rate {
  readonly name: string;
  readonly percentage: number;
  readonly type: NonNullable<TaxRate['tax_type']>;
}

interface PlacedRate extends Rate {
  readonly country: string;
  readonly state: string | null;
}

type Reason = TaxAmount['taxability_reason'];

/** How a line of an invoice is taxed. */
export interface AutomaticTax {
  readonly status: 'complete' | 'requires_location_inputs';
  readonly rates: readonly TaxRate[];
  readonly reason: Reason;
}

/**
 * The tax on what a customer buys: by the country and, in Canada and the United States, the state of its address; nothing of a
 * business of the European Union, which owes it by itself, of one that is exempt, and where the account is not registered. An
 * address without a country is not enough, in the United States one without a ZIP code, and in Canada one without a province or a
 * postal code (docs.stripe.com/tax/invoicing).
 */
export function automaticTaxOf(call: Call, customer: Customer, taxCode: string | null = null): AutomaticTax {
  const { address, tax_exempt: exempt } = customer;
  const country = address?.country?.toUpperCase() || null;
  const state = address?.state?.toUpperCase() || null;
  if (country === null || !isEnough(country, state, address?.postal_code ?? ''))
    return { status: 'requires_location_inputs', rates: [], reason: 'not_collecting' };
  const onBooks = taxCode === DIGITAL_BOOKS ? VAT_ON_BOOKS[country] : undefined;
  const found: readonly PlacedRate[] =
    onBooks === undefined
      ? ratesAt(country, state)
      : [{ name: 'VAT', percentage: onBooks, type: 'vat', country, state: null }];
  const complete = (reason: Reason, rates: readonly PlacedRate[]): AutomaticTax => ({
    status: 'complete',
    rates: rates.map((rate) => rateOf(call, rate)),
    reason,
  });
  const untaxed = (reason: Reason): AutomaticTax =>
    complete(reason, [{ ...(found[0] ?? nameless), percentage: 0, country, state: null }]);
  if (found.length === 0) return untaxed('not_collecting');
  if (exempt === 'exempt') return untaxed('customer_exempt');
  const isBusiness = call.store.childrenOf('tax_ids', customer.id).some(({ type }) => type === 'eu_vat');
  if (exempt === 'reverse' || (VAT[country] !== undefined && isBusiness)) return untaxed('reverse_charge');
  return complete(onBooks === undefined ? 'standard_rated' : 'reduced_rated', found);
}

function isEnough(country: string, state: string | null, postalCode: string): boolean {
  if (country === 'US') return /^\d{5}(-\d{4})?$/.test(postalCode);
  return country !== 'CA' || state !== null || postalCode !== '';
}

const nameless: Rate = { name: 'Tax', percentage: 0, type: 'sales_tax' };

function ratesAt(country: string, state: string | null): PlacedRate[] {
  const at = (rate: Rate, of: string | null = null): PlacedRate => ({ ...rate, country, state: of });
  const vat = VAT[country] ?? VAT_OUTSIDE[country];
  if (vat !== undefined) return [at({ name: 'VAT', percentage: vat, type: 'vat' })];
  if (country === 'JP') return [at({ name: 'JCT', percentage: 10, type: 'jct' })];
  const gst = GST[country];
  const ofState = country === 'CA' && state !== null ? CANADIAN[state] : undefined;
  if (gst !== undefined)
    return [at({ name: 'GST', percentage: gst, type: 'gst' }), ...(ofState ? [at(ofState, state)] : [])];
  const sales = country === 'US' && state !== null ? AMERICAN[state] : undefined;
  return sales === undefined ? [] : [at({ name: 'Sales Tax', percentage: sales, type: 'sales_tax' }, state)];
}

/** The object of a rate, which Stripe makes by itself the first time that it is charged. */
function rateOf(call: Call, { name, percentage, type, country, state }: PlacedRate): TaxRate {
  const known = call.store
    .all('tax_rates')
    .find(
      (rate) =>
        rate.effective_percentage === percentage &&
        rate.country === country &&
        rate.state === state &&
        rate.tax_type === type,
    );
  if (known) return known;
  return call.store.put('tax_rates', {
    id: newId('txr'),
    object: 'tax_rate',
    active: false,
    country,
    created: call.now,
    description: null,
    display_name: name,
    effective_percentage: percentage,
    flat_amount: null,
    inclusive: false,
    jurisdiction: state ?? country,
    jurisdiction_level: state === null ? 'country' : 'state',
    livemode: false,
    metadata: {},
    percentage,
    rate_type: 'percentage',
    state,
    tax_type: type,
  });
}

/** Reads a code of docs.stripe.com/tax/tax-codes; of those of a kind all count as known. */
export const taxCode: ParamReader<string> = (node, path) => {
  const code = text()(node, path);
  if (code === NONTAXABLE || /^txcd_[1-9]\d{7}$/.test(code)) return code;
  throw noSuch('tax code', code, path);
};

/** True for what no tax is on wherever it is sold. */
export function isNontaxable({ own_tax_code: code }: { readonly own_tax_code?: string | null }): boolean {
  return code === NONTAXABLE;
}

type Taxed = Pick<InvoiceItem, 'amount' | 'tax_rates'> & Pick<InvoiceItem, 'own_tax_behavior'>;

/** Stripe computes no tax of an invoice with an item that is below zero, has rates of its own, or does not say how its price is meant. */
export function refuseIncompatible(invoice: Pick<Invoice, 'automatic_tax'>, item: Taxed, param?: string): void {
  if (!invoice.automatic_tax.enabled) return;
  const wrong =
    item.amount < 0
      ? 'a negative amount'
      : item.tax_rates.length > 0
        ? 'tax rates'
        : item.own_tax_behavior === 'exclusive'
          ? null
          : `a tax behavior of \`${item.own_tax_behavior ?? 'unspecified'}\``;
  if (wrong === null) return;
  throw invalidRequest(`An invoice with automatic tax cannot have an item with ${wrong}.`, param);
}

/** A draft is finalized only when its tax is known. */
export function requireTaxLocation({ automatic_tax: { enabled, status } }: Invoice): void {
  if (!enabled || status === 'complete') return;
  throw invalidRequest(
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
    undefined,
    'customer_tax_location_invalid',
  );
}
