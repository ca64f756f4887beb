import { COUNTRIES } from './country-catalog.js';
import { loadCurrencies } from './data-packages.js';

/** A currency of ISO 4217. */
export interface Currency {
  /** Three letters. */
  readonly code: string;
  /** Three digits. */
  readonly numeric: string;
  readonly name: string;
  /** Digits after the decimal point: 2 for the euro, 0 for the yen. */
  readonly minorUnitDigits: number;
  /** Alpha-2 codes of the countries where it is legal tender. */
  readonly countries: readonly string[];
}

/** Every currency, by code. */
export const CURRENCIES: readonly Currency[] = loadCurrencies()
  .map(({ code, number, currency, digits }) => ({
    code,
    numeric: number,
    name: currency,
    minorUnitDigits: digits,
    countries: COUNTRIES.filter((country) => country.currencies.some((used) => used.code === code))
      .map((country) => country.code)
      .toSorted(),
  }))
  .toSorted((a, b) => (a.code < b.code ? -1 : 1));

/** The currency with this code, in any case. */
export function findCurrency(code: string): Currency | undefined {
  return CURRENCIES.find((currency) => currency.code === code.toUpperCase());
}
