import { ok } from './http/api-answer.js';
import type { ApiRoute } from './http/api-route.js';
import { callingCodeOperations } from './operations/calling-code-operations.js';
import { countryOperations } from './operations/country-operations.js';
import { COUNTRY_VIEW_V1, COUNTRY_VIEW_V2 } from './operations/country-view.js';
import { currencyOperations } from './operations/currency-operations.js';
import { diagnosticOperations } from './operations/diagnostic-operations.js';
import { distanceOperations } from './operations/distance-operations.js';
import { regionOperations } from './operations/region-operations.js';
import { streamCountries } from './operations/stream-countries.js';

/** The operations of `openapi/atlas-v1.yaml`, below `/v1`. */
export const ROUTES_V1: readonly ApiRoute[] = [
  ...countryOperations({
    view: COUNTRY_VIEW_V1,
    hasCallingCodeFilter: false,
    borders: { operationId: 'listCountryNeighbours', segment: 'neighbours' },
  }),
  streamCountries(COUNTRY_VIEW_V1),
  ...callingCodeOperations(COUNTRY_VIEW_V1),
  ...regionOperations(),
  ...currencyOperations(),
  ...diagnosticOperations(),
];

/** The operations of `openapi/atlas-v2.yaml`, below `/v2`. */
export const ROUTES_V2: readonly ApiRoute[] = [
  ...countryOperations({
    view: COUNTRY_VIEW_V2,
    hasCallingCodeFilter: true,
    borders: { operationId: 'listCountryBorders', segment: 'borders' },
  }),
  streamCountries(COUNTRY_VIEW_V2),
  ...distanceOperations(),
  ...regionOperations(),
  ...currencyOperations(),
  ...diagnosticOperations(),
];

const HEALTH: ApiRoute = {
  operationId: 'health',
  method: 'GET',
  template: '/healthz',
  handle: () => ok({ status: 'ok' }),
};

/** Everything that the server serves, with full paths. */
export const ROUTES: readonly ApiRoute[] = [
  ...ROUTES_V1.map((route) => ({ ...route, template: `/v1${route.template}` })),
  ...ROUTES_V2.map((route) => ({ ...route, template: `/v2${route.template}` })),
  HEALTH,
];
