import { mergeMetadata, metadata } from '../http/metadata.js';
import { clearable, hash, integer, list, oneOf, required, text, type Params } from '../http/params.js';
import { listRoute, route, type Route } from '../http/route.js';
import { invalidRequest, noSuch } from '../http/stripe-fault.js';
import { newId } from '../ids.js';
import type { Call } from '../sandbox.js';
import { isInScope } from './apply-credits.js';
import {
  addCredit,
  addDebit,
  balanceOf,
  creditGrantOf,
  expireGrant,
  isUsable,
  putGrant,
  waitForGrant,
  type CreditScope,
} from './credit-grant.js';
import { currency } from './currency.js';
import { customerOf } from './customer.js';
import { priceOf } from './price.js';
import { atClockOf } from './test-clock.js';

const path = '/v1/billing/credit_grants';

const scopeReaders = { price_type: oneOf('metered'), prices: list(hash({ id: text() })) };

const createReaders = {
  amount: hash({ monetary: hash({ currency, value: integer }), type: oneOf('monetary') }),
  applicability_config: hash({ scope: hash(scopeReaders) }),
  category: oneOf('paid', 'promotional'),
  customer: text(),
  effective_at: integer,
  expires_at: integer,
  metadata,
  name: text(100),
  priority: integer,
};

export const creditGrantRoutes: readonly Route[] = [
  route('POST', path, createReaders, (outer, params) => {
    const customer = customerOf(outer, required(params.customer, 'customer'), 'customer');
    const call = atClockOf(outer, customer);
    const amount = required(params.amount, 'amount');
    required(amount.type, 'amount[type]');
    const money = required(amount.monetary, 'amount[monetary]');
    const value = required(money.value, 'amount[monetary][value]');
    if (value < 1) throw invalidRequest('Invalid positive integer', 'amount[monetary][value]');
    const priority = params.priority ?? 50;
    if (priority < 0 || priority > 100) throw invalidRequest('The priority must be from 0 to 100.', 'priority');
    const effective = params.effective_at ?? call.now;
    if (params.expires_at !== undefined) refuseEarlyEnd(call, params.expires_at, effective);
    const name = 'applicability_config[scope]';
    const scope = scopeOf(
      call,
      required(required(params.applicability_config, 'applicability_config').scope, name),
      name,
    );
    const grant = call.store.put('credit_grants', {
      id: newId('credgr_test'),
      object: 'billing.credit_grant',
      amount: {
        monetary: { currency: required(money.currency, 'amount[monetary][currency]'), value },
        type: 'monetary',
      },
      applicability_config: { scope },
      category: params.category ?? 'paid',
      created: call.now,
      customer: customer.id,
      customer_account: null,
      effective_at: effective,
      expires_at: params.expires_at ?? null,
      livemode: false,
      metadata: mergeMetadata({}, params.metadata),
      name: params.name ?? null,
      priority,
      test_clock: customer.test_clock,
      updated: call.now,
      voided_at: null,
    });
    call.emit('billing.credit_grant.created', grant);
    addCredit(call, grant, value, 'credits_granted');
    waitForGrant(call, grant);
    return grant;
  }),

  route('GET', `${path}/{id}`, {}, (call, _params, id) => creditGrantOf(call, id)),

  route('POST', `${path}/{id}`, { expires_at: clearable(integer), metadata }, (outer, params, id) => {
    const before = creditGrantOf(outer, id);
    const call = atClockOf(outer, before);
    const ends = params.expires_at === undefined ? before.expires_at : params.expires_at;
    if (typeof params.expires_at === 'number') refuseEarlyEnd(call, params.expires_at, before.effective_at);
    if (before.voided_at !== null || (before.expires_at !== null && before.expires_at <= call.now)) {
      if (params.expires_at !== undefined) throw invalidRequest('The credit grant is over.', 'expires_at');
    }
    return putGrant(call, before, { expires_at: ends, metadata: mergeMetadata(before.metadata, params.metadata) });
  }),

  route('POST', `${path}/{id}/expire`, {}, (outer, _params, id) => {
    const grant = creditGrantOf(outer, id);
    const call = atClockOf(outer, grant);
    if (!isUsable(call, grant)) throw invalidRequest('Only a credit grant that is in effect can be expired.');
    return expireGrant(call, grant);
  }),

  route('POST', `${path}/{id}/void`, {}, (outer, _params, id) => {
    const grant = creditGrantOf(outer, id);
    const call = atClockOf(outer, grant);
    if (grant.voided_at !== null) throw invalidRequest('The credit grant is void already.');
    const left = balanceOf(call, grant);
    if (left < grant.amount.monetary.value) {
      throw invalidRequest(
        'A credit grant of which something was used or expired cannot be voided. Expire it instead.',
      );
    }
    addDebit(call, grant, left, 'credits_voided');
    return putGrant(call, grant, { voided_at: call.now });
  }),

  listRoute(path, 'credit grant', { customer: text() }, (call, params) =>
    call.store.all('credit_grants').filter(({ customer }) => customer === (params.customer ?? customer)),
  ),

  route(
    'GET',
    '/v1/billing/credit_balance_summary',
    {
      customer: text(),
      filter: hash({
        applicability_scope: hash(scopeReaders),
        credit_grant: text(),
        type: oneOf('applicability_scope', 'credit_grant'),
      }),
    },
    (outer, params) => {
      const customer = customerOf(outer, required(params.customer, 'customer'), 'customer');
      const call = atClockOf(outer, customer);
      const filter = required(params.filter, 'filter');
      const byGrant = required(filter.type, 'filter[type]') === 'credit_grant';
      const one = byGrant ? required(filter.credit_grant, 'filter[credit_grant]') : undefined;
      if (one !== undefined) creditGrantOf(call, one, 'filter[credit_grant]');
      const name = 'filter[applicability_scope]';
      const scope = byGrant ? undefined : scopeOf(call, required(filter.applicability_scope, name), name);
      const grants = call.store
        .all('credit_grants')
        .filter((grant) => grant.customer === customer.id && isUsable(call, grant))
        .filter(({ id }) => one === undefined || id === one)
        .filter(
          ({ applicability_config: { scope: own } }) =>
            scope === undefined || (scope.prices?.every(({ id }) => isInScope(own, id)) ?? own.prices === undefined),
        );
      const byCurrency = Map.groupBy(grants, ({ amount }) => amount.monetary.currency);
      return {
        object: 'billing.credit_balance_summary',
        balances: [...byCurrency].map(([code, each]) => {
          const value = each.reduce((sum, grant) => sum + balanceOf(call, grant), 0);
          const balance = { monetary: { currency: code, value }, type: 'monetary' };
          return { available_balance: balance, ledger_balance: balance };
        }),
        customer: customer.id,
        customer_account: null,
        livemode: false,
      };
    },
  ),

  listRoute(
    '/v1/billing/credit_balance_transactions',
    'credit balance transaction',
    { credit_grant: text(), customer: text() },
    (call, params) =>
      call.store
        .all('credit_transactions')
        .filter(({ credit_grant: grant }) => grant === (params.credit_grant ?? grant))
        .filter(
          ({ credit_grant: grant }) =>
            params.customer === undefined || call.store.get('credit_grants', grant)?.customer === params.customer,
        ),
  ),

  route('GET', '/v1/billing/credit_balance_transactions/{id}', {}, (call, _params, id) => {
    const transaction = call.store.get('credit_transactions', id);
    if (transaction === undefined) throw noSuch('credit balance transaction', id, 'id');
    return transaction;
  }),
];

function scopeOf(call: Call, scope: Params<typeof scopeReaders>, name: string): CreditScope {
  if ((scope.price_type === undefined) === (scope.prices === undefined)) {
    throw invalidRequest('You must pass exactly one of `price_type` and `prices`.', name);
  }
  if (scope.prices === undefined) return { price_type: 'metered' };
  const prices = scope.prices.map(({ id }, index) => {
    const param = `${name}[prices][${index}][id]`;
    const price = priceOf(call, required(id, param), param);
    if (price.recurring?.usage_type !== 'metered') throw invalidRequest('Credits pay for metered prices only.', param);
    return { id: price.id };
  });
  if (prices.length === 0) throw invalidRequest('At least one price must be named.', `${name}[prices]`);
  return { prices };
}

function refuseEarlyEnd(call: Call, expires: number, effective: number): void {
  if (expires > call.now && expires > effective) return;
  throw invalidRequest('A credit grant must expire in the future, and after it takes effect.', 'expires_at');
}
