import type { Country } from '../atlas/country.js';

/** How a version of the API writes countries. */
export interface CountryView {
  full(country: Country): unknown;
  summary(country: Country): unknown;
}

/** Version 1 calls the list of capitals `capital`. */
export const COUNTRY_VIEW_V1: CountryView = {
  full: (country) => country,
  summary: ({ code, name, flag, capital, region, population }) => ({ code, name, flag, capital, region, population }),
};

/** Version 2 calls it `capitals`, as it is a list. */
export const COUNTRY_VIEW_V2: CountryView = {
  full: ({ capital, ...country }) => ({ ...country, capitals: capital }),
  summary: ({ code, name, flag, capital, region, population }) => ({
    code,
    name,
    flag,
    capitals: capital,
    region,
    population,
  }),
};
