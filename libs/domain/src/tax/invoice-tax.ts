import { Big } from 'big.js';
import { divideRounded } from '../money/rounded-division.js';
import { roundingStepMinor } from '../payment/rounding-step.js';
import { exclusiveTaxMinor } from './exclusive-tax.js';
import type { TaxCategory } from './tax-category.js';
import type { AppliedTaxRate, TaxTreatment } from './tax-treatment.js';

/** One tax of an invoice, on the sum of its lines. Minor units of the invoice's currency. */
export interface InvoiceTax extends AppliedTaxRate {
  /** 1 for the first. */
  readonly position: number;
  readonly category: TaxCategory;
  /** Σ of the lines. */
  readonly taxableMinor: bigint;
  readonly taxMinor: bigint;
}

/** What an invoice keeps of how it is taxed. */
export type InvoiceTaxTreatment = Pick<TaxTreatment, 'category' | 'note' | 'explanation' | 'source' | 'taxCode'>;

/** What an invoice keeps of a treatment: its rates are those of its taxes. */
export function keptTreatment({ category, note, explanation, source, taxCode }: TaxTreatment): InvoiceTaxTreatment {
  return {
    category,
    note,
    explanation,
    ...(source && { source }),
    ...(taxCode !== undefined && { taxCode }),
  };
}

/**
 * The taxes on top of lines that add up to `subtotalMinor`, one for each rate: each rounded once, half away from zero, to
 * what the payment provider takes of the currency.
 */
export function invoiceTaxes(
  { category, rates }: Pick<TaxTreatment, 'category' | 'rates'>,
  subtotalMinor: bigint,
  currency: string,
): InvoiceTax[] {
  return rates.map((rate, index) => ({
    ...rate,
    position: index + 1,
    category,
    taxableMinor: subtotalMinor,
    taxMinor: taxMinorOf(subtotalMinor, rate.percent, currency),
  }));
}

/** The tax on `taxableMinor` at a rate in per cent, in minor units, rounded once as above. */
export function taxMinorOf(taxableMinor: bigint, percent: string, currency: string): bigint {
  return exclusiveTaxMinor([taxableMinor], percent, roundingStepMinor(currency));
}

/** The sum of taxes, in minor units. */
export function sumOfTaxes(taxes: readonly Pick<InvoiceTax, 'taxMinor'>[]): bigint {
  return taxes.reduce((sum, { taxMinor }) => sum + taxMinor, 0n);
}

/** What a tax is called on documents: "VAT 19 %", "Reverse charge", "Exempt", "No tax". */
export function taxLabel({ category, name, percent }: Pick<InvoiceTax, 'category' | 'name' | 'percent'>): string {
  switch (category) {
    case 'standard':
    case 'reduced':
    case 'zero':
      return `${name} ${new Big(percent).toFixed()} %`;
    case 'exempt':
      return `${name}, exempt`;
    case 'reverse_charge':
      return `${name}, reverse charge`;
    case 'outside_scope':
      return 'Tax';
  }
}

/**
 * The taxes that a credit note gives back of those of its invoice, when it credits `creditedMinor` of its lines after
 * others have credited `beforeMinor`: all notes together have given back of each tax the share that they have of the
 * lines, rounded as the taxes are, so that the whole gives back each exactly. Needs a subtotal above zero.
 */
export function creditedTaxes(
  taxes: readonly InvoiceTax[],
  { subtotalMinor, currency }: { readonly subtotalMinor: bigint; readonly currency: string },
  { beforeMinor, creditedMinor }: { readonly beforeMinor: bigint; readonly creditedMinor: bigint },
): InvoiceTax[] {
  const step = BigInt(roundingStepMinor(currency));
  const share = (taxMinor: bigint, partMinor: bigint) =>
    divideRounded(taxMinor * partMinor, subtotalMinor * step) * step;
  return taxes.map((tax) => ({
    ...tax,
    taxableMinor: creditedMinor,
    taxMinor: share(tax.taxMinor, beforeMinor + creditedMinor) - share(tax.taxMinor, beforeMinor),
  }));
}
