import type { SourceCountry } from './data-packages.js';

/** Names under which the second data set knows countries, where the first does not have them. */
const OTHER_NAMES: readonly (readonly [name: string, code: string])[] = [
  ['Cabo Verde', 'CV'],
  ['Fiji Islands', 'FJ'],
  ['Myanmar [Burma]', 'MM'],
  ['The Democratic Republic of Congo', 'CD'],
  ['Turkey', 'TR'],
  ['U.S. Virgin Islands', 'VI'],
];

/**
 * Finds the alpha-2 code of a country by any of its names, without regard to case. A common name wins over an official
 * one, and that over an alternative spelling, so that "Guinea" is not Equatorial Guinea.
 */
export function createNameIndex(countries: readonly SourceCountry[]): (name: string) => string | undefined {
  const codeByName = new Map<string, string>();
  const add = (name: string, code: string): void => {
    const key = name.toLowerCase();
    if (!codeByName.has(key)) codeByName.set(key, code);
  };
  for (const country of countries) add(country.name.common, country.cca2);
  for (const country of countries) add(country.name.official, country.cca2);
  for (const [name, code] of OTHER_NAMES) add(name, code);
  for (const country of countries) {
    for (const spelling of country.altSpellings) add(spelling, country.cca2);
  }
  return (name) => codeByName.get(name.toLowerCase());
}
