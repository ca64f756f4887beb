import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Country as SourceCountry } from 'world-countries';

// The data packages are JSON of up to 1.5 MB, which the compiler need not infer types from: they are loaded as data.
const require = createRequire(import.meta.url);

export type { SourceCountry };

/** ISO 4217 publishes this for each currency. */
export interface SourceCurrency {
  readonly code: string;
  readonly number: string;
  readonly digits: number;
  readonly currency: string;
}

interface SourcePopulation {
  readonly country: string;
  readonly population: number;
}

interface SourceCities {
  readonly country: string;
  readonly cities?: readonly string[];
  /** Given instead of `cities` for countries that are listed by state. */
  readonly states?: Readonly<Record<string, readonly string[]>>;
}

export function loadCountries(): readonly SourceCountry[] {
  return require('world-countries/countries.json') as readonly SourceCountry[];
}

export function loadPopulations(): readonly SourcePopulation[] {
  return require('country-json/src/country-by-population.json') as readonly SourcePopulation[];
}

export function loadCities(): readonly SourceCities[] {
  return require('country-json/src/country-by-cities.json') as readonly SourceCities[];
}

export function loadCurrencies(): readonly SourceCurrency[] {
  return (require('currency-codes') as { readonly data: readonly SourceCurrency[] }).data;
}

/** The flag of the country with this alpha-3 code, as SVG. */
export function loadFlag(alpha3: string): Buffer {
  const folder = path.dirname(require.resolve('world-countries/countries.json'));
  return readFileSync(path.join(folder, 'data', `${alpha3.toLowerCase()}.svg`));
}
