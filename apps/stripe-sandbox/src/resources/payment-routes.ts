import { createdFilter } from '../http/pagination.js';
import { oneOf, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { noSuch } from '../http/stripe-fault.js';

/** What an invoice's payment leaves behind, to be read. */
export const paymentRoutes: readonly Route[] = [
  route('GET', '/v1/charges/{id}', {}, (call, _params, id) => {
    const charge = call.store.get('charges', id);
    if (charge === undefined) throw noSuch('charge', id, 'id');
    return charge;
  }),

  route('GET', '/v1/invoice_payments/{id}', {}, (call, _params, id) => {
    const payment = call.store.get('invoice_payments', id);
    if (payment === undefined) throw noSuch('invoice_payment', id, 'id');
    return payment;
  }),

  listRoute(
    '/v1/invoice_payments',
    'invoice_payment',
    { created: createdFilter, invoice: text(), status: oneOf('canceled', 'open', 'paid') },
    (call, params) =>
      (params.invoice === undefined
        ? call.store.all('invoice_payments')
        : call.store.childrenOf('invoice_payments', params.invoice)
      )
        .filter((payment) => params.status === undefined || payment.status === params.status)
        .filter((payment) => params.created?.(payment.created) ?? true),
  ),
];
