import { mergeMetadata, metadata } from '../http/metadata.js';
import { integer, required, text } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import type { Call } from '../sandbox.js';
import { currency } from './currency.js';
import { changeBalance, type BalanceTransaction } from './customer-balance.js';
import { customerOf, putCustomer } from './customer.js';

const path = '/v1/customers/{id}/balance_transactions';

export const customerBalanceRoutes: readonly Route[] = [
  route('POST', path, { amount: integer, currency, description: text(350), metadata }, (call, params, id) => {
    const customer = customerOf(call, id, 'id');
    const code = required(params.currency, 'currency');
    if (customer.currency !== null && customer.currency !== code) {
      throw invalidRequest(
        `The customer's currency is ${customer.currency}; its balance cannot be in ${code}.`,
        'currency',
      );
    }
    putCustomer(call, id, { currency: code });
    const transaction = changeBalance(call, id, required(params.amount, 'amount'), {
      currency: code,
      description: params.description ?? null,
      metadata: mergeMetadata({}, params.metadata),
      type: 'adjustment',
    })!;
    call.emit('customer.updated', customerOf(call, id, 'id'), { balance: customer.balance });
    return transaction;
  }),

  route('GET', `${path}/{id}`, {}, (call, _params, customerId, id) => existing(call, customerId, id)),

  route('POST', `${path}/{id}`, { description: text(350), metadata }, (call, params, customerId, id) => {
    const before = existing(call, customerId, id);
    return call.store.put('balance_transactions', {
      ...before,
      description: params.description ?? before.description,
      metadata: mergeMetadata(before.metadata, params.metadata),
    });
  }),

  listRoute(path, 'customer_balance_transaction', {}, (call, _params, id) =>
    call.store.childrenOf('balance_transactions', customerOf(call, id, 'id').id),
  ),
];

function existing(call: Call, customerId: string, id: string): BalanceTransaction {
  const transaction = call.store.get('balance_transactions', id);
  if (transaction?.customer === customerId) return transaction;
  throw noSuch('customer_balance_transaction', id, 'id');
}
