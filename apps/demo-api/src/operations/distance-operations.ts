import { distanceKm, initialBearingDegrees } from '../atlas/great-circle.js';
import { ok } from '../http/api-answer.js';
import type { ApiRoute } from '../http/api-route.js';
import { readRequiredText } from '../http/parameters.js';
import { requireCountry } from './country-operations.js';

/** New in version 2. */
export function distanceOperations(): ApiRoute[] {
  return [
    {
      operationId: 'getDistance',
      method: 'GET',
      template: '/distance',
      handle: ({ query }) => {
        const from = requireCountry(readRequiredText(query, 'from', /^[a-z]{2,3}$/i, 'a country code such as FR'));
        const to = requireCountry(readRequiredText(query, 'to', /^[a-z]{2,3}$/i, 'a country code such as JP'));
        return ok({
          from: from.code,
          to: to.code,
          distanceKm: distanceKm(from.location, to.location),
          initialBearingDegrees: initialBearingDegrees(from.location, to.location),
        });
      },
    },
  ];
}
