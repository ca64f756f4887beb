import { expect, it } from 'vitest';
import { financeSearchOf, productUsageSearchOf, signInSearchOf, subscribeSearchOf, usageSearchOf } from './search.js';

it('keeps what a page understands and drops the rest', () => {
  expect(usageSearchOf({ range: '7d', application: 'a', key: '', extra: 1 })).toEqual({
    range: '7d',
    application: 'a',
  });
  expect(usageSearchOf({ range: 'forever', group: 'color', status: 9, outcome: 'lost', compare: 'no' })).toEqual({});
  const explored = { group: 'operation', status: '4', outcome: 'delivered', compare: true, operation: 'getPet' };
  expect(usageSearchOf({ ...explored, status: 4 })).toEqual(explored);
  expect(financeSearchOf({ state: 'paid', from: '2026-11-01' })).toEqual({ state: 'paid', from: '2026-11-01' });
  expect(financeSearchOf({ state: 'lost' })).toEqual({});
  const callers = { days: 90, group: 'caller', version: 'v', operation: 'getPet' };
  expect(productUsageSearchOf({ ...callers, more: 1 })).toEqual(callers);
  expect(productUsageSearchOf({ days: 8, group: 'key' })).toEqual({});
});

it('takes a number for the text that it was in the address', () => {
  expect(subscribeSearchOf({ plan: 7 })).toEqual({ plan: '7' });
  expect(signInSearchOf({ redirect: ['/a'], error: null })).toEqual({});
});
