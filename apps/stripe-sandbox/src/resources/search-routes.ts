import { paginate, paginationReaders } from '../http/pagination.js';
import { required, text } from '../http/params.js';
import { route, type Route } from '../http/route.js';
import { parseSearch, type SearchFields } from '../http/search-query.js';
import type { Call } from '../sandbox.js';
import { renderInvoice } from './invoice.js';
import { renderPrice } from './price.js';
import { renderSubscription } from './subscription.js';

/** An endpoint that finds objects by a query. At Stripe what was just written is found a minute later; here it is at once. */
function searchRoute<T extends { readonly id: string }>(
  path: string,
  fields: SearchFields,
  all: (call: Call) => readonly T[],
  render: (call: Call, object: T) => object = (_call, object) => object,
): Route {
  const readers = { limit: paginationReaders.limit, page: text(), query: text() };
  return route('GET', path, readers, (call, { limit, page, query }) => {
    const matches = parseSearch(required(query, 'query'), fields);
    const from = page === undefined ? {} : { starting_after: page };
    const found = paginate(all(call).filter(matches), 'page', { ...from, ...(limit !== undefined && { limit }) });
    return {
      object: 'search_result',
      data: found.data.map((object) => render(call, object)),
      has_more: found.hasMore,
      next_page: found.hasMore ? found.data.at(-1)!.id : null,
      url: path,
    };
  });
}

export const searchRoutes: readonly Route[] = [
  searchRoute(
    '/v1/customers/search',
    { created: 'numeric', email: 'string', name: 'string', phone: 'string' },
    (call) => call.store.all('customers').filter(({ test_clock: clock }) => clock === null),
  ),

  searchRoute(
    '/v1/products/search',
    { active: 'token', description: 'string', name: 'string', shippable: 'token', url: 'string' },
    (call) => call.store.all('products'),
  ),

  searchRoute(
    '/v1/prices/search',
    { active: 'token', currency: 'token', lookup_key: 'string', product: 'string', type: 'token' },
    (call) => call.store.all('prices'),
    (_call, price) => renderPrice(price),
  ),

  searchRoute(
    '/v1/subscriptions/search',
    { canceled_at: 'numeric', created: 'numeric', status: 'string' },
    (call) => call.store.all('subscriptions').filter(({ test_clock: clock }) => clock === null),
    renderSubscription,
  ),

  searchRoute(
    '/v1/invoices/search',
    {
      created: 'numeric',
      currency: 'token',
      customer: 'token',
      number: 'string',
      receipt_number: 'string',
      status: 'string',
      total: 'numeric',
    },
    (call) => call.store.all('invoices'),
    renderInvoice,
  ),

  searchRoute(
    '/v1/payment_intents/search',
    { amount: 'numeric', created: 'numeric', currency: 'token', customer: 'token', status: 'token' },
    (call) => call.store.all('payment_intents'),
  ),
];
