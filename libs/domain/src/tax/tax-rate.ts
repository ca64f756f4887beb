import { isDecimal, parseDecimal } from '../money/decimal.js';
import type { DecimalString } from '../catalog/plan-definition.js';
import { InvalidError } from '../problem/tollgate-error.js';
import { TAX_CATEGORIES, type TaxCategory } from './tax-category.js';

/** What a seller charges, or says, of tax in a place: it is registered there, or does not need to be. */
export interface TaxRate {
  readonly id: string;
  readonly sellerSlug: string;
  /** ISO 3166-1, two letters. */
  readonly country: string;
  /** A part of the country with rates of its own, such as QC; null for the rest of the country. */
  readonly region: string | null;
  readonly category: TaxCategory;
  /** What the tax is called on invoices: VAT, MwSt., GST. */
  readonly name: string;
  /** Per cent, at most 4 decimal places; 0 for every category but `standard` and `reduced`. */
  readonly percent: DecimalString;
  /** The seller's number there, printed in place of its usual one; null for that one. */
  readonly taxId: string | null;
  /** Printed on invoices, such as the law that exempts; null where there is nothing to say. */
  readonly note: string | null;
  /** In force from this instant on. */
  readonly validFrom: Date;
  /** In force before this instant; null without end. */
  readonly validTo: Date | null;
}

/** What people enter of a rate. */
export type TaxRateInput = Omit<TaxRate, 'id'>;

const PLACES = /^\d+(\.\d{1,4})?$/;

/**
 * Returns the rate as it is kept: texts trimmed, empty ones null.
 * @throws InvalidError `tax_rate_invalid`, naming the field
 */
export function checkTaxRate(input: TaxRateInput): TaxRateInput {
  const { country, category, percent, validFrom, validTo } = input;
  const region = trimmed(input.region);
  const name = trimmed(input.name);
  const note = trimmed(input.note);
  const taxId = trimmed(input.taxId);
  if (!/^[A-Z]{2}$/.test(country)) throw invalid('country: expected two capital letters such as DE (ISO 3166-1).');
  if (region !== null && !/^[A-Z0-9]{1,3}$/.test(region))
    throw invalid('region: expected the part after the hyphen of ISO 3166-2, such as QC of CA-QC.');
  if (!TAX_CATEGORIES.includes(category)) throw invalid(`category: expected one of ${TAX_CATEGORIES.join(', ')}.`);
  if (name === null || name.length > 20) throw invalid('name: expected 1 to 20 characters, such as VAT.');
  if (!isDecimal(percent) || !PLACES.test(percent) || parseDecimal(percent).gt(100))
    throw invalid('percent: expected a decimal from 0 to 100 with at most 4 places, such as 19 or 9.975.');
  const isCharged = category === 'standard' || category === 'reduced';
  if (isCharged !== parseDecimal(percent).gt(0))
    throw invalid(`percent: a rate that is ${category} is ${isCharged ? 'more than 0; for 0 % there is zero' : '0'}.`);
  if (category === 'exempt' && note === null)
    throw invalid('note: say by which law it is exempt; invoices must state it.');
  if (note !== null && note.length > 300) throw invalid('note: expected at most 300 characters.');
  if (taxId !== null && taxId.length > 40) throw invalid('taxId: expected at most 40 characters.');
  if (validTo !== null && validTo <= validFrom) throw invalid('validTo: expected a time after validFrom, or none.');
  return { ...input, region, name, note, taxId };
}

/** True at an instant at which the rate is in force. */
export function isTaxRateInForce({ validFrom, validTo }: Pick<TaxRate, 'validFrom' | 'validTo'>, at: Date): boolean {
  return validFrom <= at && (validTo === null || at < validTo);
}

function trimmed(text: string | null): string | null {
  return text?.trim() || null;
}

function invalid(message: string): InvalidError {
  return new InvalidError('tax_rate_invalid', message);
}
