import { COUNTRIES } from '../atlas/country-catalog.js';
import { ok } from '../http/api-answer.js';
import type { ApiRoute } from '../http/api-route.js';
import { REGIONS } from './country-filter.js';

export function regionOperations(): ApiRoute[] {
  return [
    {
      operationId: 'listRegions',
      method: 'GET',
      template: '/regions',
      handle: () => ok({ items: REGIONS.map(describeRegion) }),
    },
  ];
}

function describeRegion(name: string): unknown {
  const countries = COUNTRIES.filter((country) => country.region === name);
  const subregions = Map.groupBy(countries, (country) => country.subregion);
  return {
    name,
    countryCount: countries.length,
    population: countries.reduce((sum, country) => sum + (country.population ?? 0), 0),
    subregions: [...subregions]
      .flatMap(([subregion, members]) =>
        subregion === null ? [] : [{ name: subregion, countryCount: members.length }],
      )
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
