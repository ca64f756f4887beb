import { type Currency, CURRENCIES, findCurrency } from '../atlas/currency-catalog.js';
import { ok } from '../http/api-answer.js';
import { ApiProblem } from '../http/api-problem.js';
import type { ApiRoute } from '../http/api-route.js';
import { page } from '../http/page.js';
import { readText } from '../http/parameters.js';

export function currencyOperations(): ApiRoute[] {
  return [
    {
      operationId: 'listCurrencies',
      method: 'GET',
      template: '/currencies',
      handle: ({ query }) => page(filterCurrencies(query), query, (currency) => currency),
    },
    {
      operationId: 'getCurrency',
      method: 'GET',
      template: '/currencies/{code}',
      handle: ({ path }) => {
        const currency = findCurrency(path.code ?? '');
        if (currency === undefined) {
          const detail = `There is no currency with the code "${path.code}". Use a code of ISO 4217, such as EUR.`;
          throw new ApiProblem(404, 'currency_not_found', detail);
        }
        return ok(currency);
      },
    },
  ];
}

function filterCurrencies(query: URLSearchParams): readonly Currency[] {
  const q = readText(query, 'q', /^.{1,50}$/u, 'a text of 1 to 50 characters')?.toLowerCase() ?? null;
  const country = readText(query, 'country', /^[a-z]{2}$/i, 'a country code such as FR')?.toUpperCase() ?? null;
  return CURRENCIES.filter(
    (currency) =>
      (q === null || currency.name.toLowerCase().includes(q)) &&
      (country === null || currency.countries.includes(country)),
  );
}
