import { clearable, list, text } from '../http/params.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import type { LineTax, SumTaxRate } from './invoice-sums.js';
import type { TaxRate } from './tax-rate-routes.js';

/** Reads the ids of tax rates; an empty value takes all away. */
export const taxRateChoices = clearable(list(text()));

const mostRates = 5;

export type TaxExempt = 'exempt' | 'none' | 'reverse';

/** A tax on a line or on an invoice, as Stripe answers it. */
export interface TaxAmount {
  readonly amount: number;
  readonly tax_behavior: 'exclusive' | 'inclusive';
  readonly tax_rate_details: { readonly tax_rate: string };
  readonly taxability_reason:
    | 'customer_exempt'
    | 'not_available'
    | 'not_collecting'
    | 'reduced_rated'
    | 'reverse_charge'
    | 'standard_rated';
  readonly taxable_amount: number;
  readonly type: 'tax_rate_details';
}

/** The ids of known rates that are in use, at most five and none twice. */
export function chooseTaxRates(call: Call, ids: readonly string[] | null, param: string): string[] {
  for (const [index, id] of (ids ?? []).entries()) {
    const rate = call.store.get('tax_rates', id);
    if (rate === undefined) throw noSuch('tax rate', id, `${param}[${index}]`);
    if (!rate.active) throw invalidRequest(`The tax rate ${id} is archived.`, `${param}[${index}]`);
  }
  const chosen = [...new Set(ids)];
  if (chosen.length > mostRates) throw invalidRequest(`At most ${mostRates} tax rates can be applied.`, param);
  return chosen;
}

/** Whole tax rates, as answers have them. */
export function taxRatesOf(call: Call, ids: readonly string[] = []): TaxRate[] {
  return ids.map((id) => call.store.get('tax_rates', id)).filter((rate) => rate !== undefined);
}

export function sumRatesOf(call: Call, ids: readonly string[]): SumTaxRate[] {
  return taxRatesOf(call, ids).map(({ id, percentage, inclusive }) => ({ id, percentage, inclusive }));
}

/** By rates that requests name; `reason` is that of a tax that was computed. */
export function taxAmountOf(
  { rate, amount, taxable }: LineTax,
  exempt: TaxExempt,
  reason?: TaxAmount['taxability_reason'],
): TaxAmount {
  const reasons = { exempt: 'customer_exempt', none: 'not_available', reverse: 'reverse_charge' } as const;
  return {
    amount,
    tax_behavior: rate.inclusive ? 'inclusive' : 'exclusive',
    tax_rate_details: { tax_rate: rate.id },
    taxability_reason: reason ?? reasons[exempt],
    taxable_amount: taxable,
    type: 'tax_rate_details',
  };
}

/** The taxes of all lines, by rate. */
export function totalTaxes(taxes: readonly TaxAmount[]): TaxAmount[] {
  const byRate = Map.groupBy(taxes, ({ tax_rate_details: { tax_rate: rate } }) => rate);
  return [...byRate.values()].map((each) => ({
    ...each[0]!,
    amount: each.reduce((sum, { amount }) => sum + amount, 0),
    taxable_amount: each.reduce((sum, { taxable_amount: taxable }) => sum + taxable, 0),
  }));
}
