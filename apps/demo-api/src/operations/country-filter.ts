import type { Country } from '../atlas/country.js';
import { COUNTRIES } from '../atlas/country-catalog.js';
import { readChoice, readFlag, readText } from '../http/parameters.js';

export const REGIONS = ['Africa', 'Americas', 'Antarctic', 'Asia', 'Europe', 'Oceania'] as const;
const SORTS = ['name', '-population', '-areaKm2'] as const;

/** The countries that the query's `q`, `region`, `currency`, `language`, `landlocked` and `callingCode` select, sorted. */
export function filterCountries(query: URLSearchParams, hasCallingCodeFilter: boolean): readonly Country[] {
  const q = readText(query, 'q', /^.{1,50}$/u, 'a text of 1 to 50 characters')?.toLowerCase() ?? null;
  const region = readChoice(query, 'region', REGIONS);
  const currency = readText(query, 'currency', /^[a-z]{3}$/i, 'an ISO 4217 code such as EUR')?.toUpperCase() ?? null;
  const language = readText(query, 'language', /^[a-z]{3}$/i, 'an ISO 639-3 code such as fra')?.toLowerCase() ?? null;
  const landlocked = readFlag(query, 'landlocked');
  const callingCode = hasCallingCodeFilter
    ? readText(query, 'callingCode', /^\d{1,9}$/, 'a calling code in digits, without the plus sign')
    : null;
  const found = COUNTRIES.filter(
    (country) =>
      (q === null || `${country.name}\n${country.officialName}`.toLowerCase().includes(q)) &&
      (region === null || country.region === region) &&
      (currency === null || country.currencies.some(({ code }) => code === currency)) &&
      (language === null || country.languages.some(({ code }) => code === language)) &&
      (landlocked === null || country.landlocked === landlocked) &&
      (callingCode === null || country.callingCodes.includes(`+${callingCode}`)),
  );
  return sort(found, readChoice(query, 'sort', SORTS) ?? 'name');
}

function sort(countries: readonly Country[], order: (typeof SORTS)[number]): readonly Country[] {
  switch (order) {
    case 'name':
      return countries;
    case '-population':
      return countries.toSorted((a, b) => (b.population ?? -1) - (a.population ?? -1));
    case '-areaKm2':
      return countries.toSorted((a, b) => (b.areaKm2 ?? -1) - (a.areaKm2 ?? -1));
  }
}
