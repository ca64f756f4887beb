import type { Country } from '../atlas/country.js';
import { citiesOf, findCountry } from '../atlas/country-catalog.js';
import { loadFlag } from '../atlas/data-packages.js';
import { ok } from '../http/api-answer.js';
import { ApiProblem } from '../http/api-problem.js';
import type { ApiRequest, ApiRoute } from '../http/api-route.js';
import { page } from '../http/page.js';
import { readText } from '../http/parameters.js';
import { filterCountries } from './country-filter.js';
import type { CountryView } from './country-view.js';

/** What versions of the API differ in. */
export interface CountryOperationsVersion {
  readonly view: CountryView;
  readonly hasCallingCodeFilter: boolean;
  /** Operation id and last path segment of the countries next door. */
  readonly borders: { readonly operationId: string; readonly segment: string };
}

export function countryOperations({ view, hasCallingCodeFilter, borders }: CountryOperationsVersion): ApiRoute[] {
  return [
    {
      operationId: 'listCountries',
      method: 'GET',
      template: '/countries',
      handle: ({ query }) => page(filterCountries(query, hasCallingCodeFilter), query, (item) => view.summary(item)),
    },
    {
      operationId: 'getCountry',
      method: 'GET',
      template: '/countries/{code}',
      handle: (request) => ok(view.full(countryOf(request))),
    },
    {
      operationId: 'getCountryFlag',
      method: 'GET',
      template: '/countries/{code}/flag',
      handle: (request) => ({
        kind: 'bytes',
        status: 200,
        body: loadFlag(countryOf(request).alpha3),
        headers: {
          'Content-Type': 'image/svg+xml',
          'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
        },
      }),
    },
    {
      operationId: 'listCountryCities',
      method: 'GET',
      template: '/countries/{code}/cities',
      handle: (request) => listCities(countryOf(request), request.query),
    },
    {
      operationId: borders.operationId,
      method: 'GET',
      template: `/countries/{code}/${borders.segment}`,
      handle: (request) => {
        const neighbours = countryOf(request).borders.flatMap((code) => findCountry(code) ?? []);
        return ok({ items: neighbours.map((country) => view.summary(country)) });
      },
    },
  ];
}

function listCities(country: Country, query: URLSearchParams): ReturnType<typeof page> {
  const q = readText(query, 'q', /^.{1,50}$/u, 'a text of 1 to 50 characters')?.toLowerCase();
  const cities = citiesOf(country.code).filter((name) => q === undefined || name.toLowerCase().startsWith(q));
  return page(cities, query, (name) => ({ name, country: country.code }));
}

function countryOf(request: ApiRequest): Country {
  return requireCountry(request.path.code ?? '');
}

/** The country with this code, or a 404. */
export function requireCountry(code: string): Country {
  const country = findCountry(code);
  if (country === undefined) {
    throw new ApiProblem(
      404,
      'country_not_found',
      `There is no country with the code "${code}". Use a code of ISO 3166-1 with two or three letters, such as FR or FRA.`,
    );
  }
  return country;
}
