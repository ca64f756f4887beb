import { createdFilter } from '../http/pagination.js';
import { text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { noSuch } from '../http/stripe-fault.js';

/** The movements of the account, with what Stripe took. */
export const accountTransactionRoutes: readonly Route[] = [
  route('GET', '/v1/balance_transactions/{id}', {}, (call, _params, id) => {
    const transaction = call.store.get('account_transactions', id);
    if (transaction === undefined) throw noSuch('balance_transaction', id, 'id');
    return transaction;
  }),

  listRoute(
    '/v1/balance_transactions',
    'balance_transaction',
    { created: createdFilter, currency: text(), source: text(), type: text() },
    (call, params) =>
      (params.source === undefined
        ? call.store.all('account_transactions')
        : call.store.childrenOf('account_transactions', params.source)
      )
        .filter(({ currency }) => currency === (params.currency?.toLowerCase() ?? currency))
        .filter(({ type }) => type === (params.type ?? type))
        .filter(({ created }) => params.created?.(created) ?? true),
  ),
];
