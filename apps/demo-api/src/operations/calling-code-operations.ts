import { COUNTRIES } from '../atlas/country-catalog.js';
import { ok } from '../http/api-answer.js';
import { ApiProblem } from '../http/api-problem.js';
import type { ApiRoute } from '../http/api-route.js';
import type { CountryView } from './country-view.js';

/** Only in version 1; version 2 has a filter of the country list instead. */
export function callingCodeOperations(view: CountryView): ApiRoute[] {
  return [
    {
      operationId: 'findCountriesByCallingCode',
      method: 'GET',
      template: '/calling-codes/{callingCode}',
      handle: ({ path }) => {
        const callingCode = path.callingCode ?? '';
        const countries = COUNTRIES.filter((country) => country.callingCodes.includes(`+${callingCode}`));
        if (countries.length === 0) {
          const detail = `No country has the calling code "${callingCode}". Give it in digits, such as 33 or 1809.`;
          throw new ApiProblem(404, 'calling_code_not_found', detail);
        }
        return ok({ callingCode, countries: countries.map((country) => view.summary(country)) });
      },
    },
  ];
}
