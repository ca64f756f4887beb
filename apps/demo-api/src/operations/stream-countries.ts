import { setTimeout as delay } from 'node:timers/promises';
import { COUNTRIES } from '../atlas/country-catalog.js';
import type { ApiRoute } from '../http/api-route.js';
import { readInteger } from '../http/parameters.js';
import type { CountryView } from './country-view.js';

/** Sends countries one by one, with a pause before each but the first. */
export function streamCountries(view: CountryView): ApiRoute {
  return {
    operationId: 'streamCountries',
    method: 'GET',
    template: '/countries/stream',
    handle: ({ query, signal }) => {
      const count = readInteger(query, 'count', { min: 1, max: COUNTRIES.length, fallback: 25 });
      const delayMs = readInteger(query, 'delayMs', { min: 0, max: 1_000, fallback: 20 });
      return { kind: 'lines', lines: lines(count, delayMs, signal, view) };
    },
  };
}

async function* lines(count: number, delayMs: number, signal: AbortSignal, view: CountryView): AsyncGenerator<unknown> {
  for (const [index, country] of COUNTRIES.slice(0, count).entries()) {
    if (index > 0 && delayMs > 0) await delay(delayMs, undefined, { signal });
    yield view.summary(country);
  }
}
