import type { Country } from './country.js';
import { createNameIndex } from './country-names.js';
import { loadCities, loadCountries, loadPopulations, type SourceCountry } from './data-packages.js';
import { compareText } from './text-order.js';

const SOURCES = loadCountries();
const codeOfName = createNameIndex(SOURCES);
const POPULATIONS = new Map(loadPopulations().map((entry) => [codeOfName(entry.country), entry.population]));
const CODE_BY_ALPHA3 = new Map(SOURCES.map((source) => [source.cca3, source.cca2]));

/** Every country, by name. */
export const COUNTRIES: readonly Country[] = SOURCES.map(toCountry).toSorted((a, b) => compareText(a.name, b.name));

const COUNTRY_BY_CODE = new Map(
  COUNTRIES.flatMap((country) => [
    [country.code, country],
    [country.alpha3, country],
  ]),
);
const CITIES_BY_CODE = new Map(
  loadCities().map(({ country, cities, states }) => {
    const names = cities ?? Object.values(states ?? {}).flat();
    return [codeOfName(country), [...new Set(names)].toSorted(compareText)];
  }),
);

/** The country with this alpha-2 or alpha-3 code, in any case. */
export function findCountry(code: string): Country | undefined {
  return COUNTRY_BY_CODE.get(code.toUpperCase());
}

/** The known cities of the country with this alpha-2 code, by name, each once; none for about a hundred territories. */
export function citiesOf(code: string): readonly string[] {
  return CITIES_BY_CODE.get(code) ?? [];
}

function toCountry(source: SourceCountry): Country {
  const [latitude, longitude] = source.latlng;
  return {
    code: source.cca2,
    alpha3: source.cca3,
    numeric: source.ccn3 === '' ? null : source.ccn3,
    name: source.name.common,
    officialName: source.name.official,
    flag: source.flag,
    capital: source.capital,
    region: source.region,
    subregion: source.subregion === '' ? null : source.subregion,
    population: POPULATIONS.get(source.cca2) ?? null,
    // The data set says -1 where it does not know the area.
    areaKm2: source.area > 0 ? source.area : null,
    landlocked: source.landlocked,
    independent: source.independent,
    unMember: source.unMember,
    currencies: Object.entries(source.currencies).map(([code, { name, symbol }]) => ({ code, name, symbol })),
    languages: Object.entries(source.languages).map(([code, name]) => ({ code, name })),
    borders: source.borders.flatMap((alpha3) => CODE_BY_ALPHA3.get(alpha3) ?? []).toSorted(),
    location: { latitude, longitude },
    callingCodes: callingCodesOf(source),
    topLevelDomains: source.tld,
  };
}

/** "+1" for the United States rather than each of its area codes; "+1809" where a country has up to three of its own. */
function callingCodesOf({ idd }: SourceCountry): string[] {
  const suffixes = idd.suffixes;
  if (idd.root === '' || suffixes.length === 0) return [];
  return suffixes.length > 3 ? [idd.root] : suffixes.map((suffix) => `${idd.root}${suffix}`);
}
