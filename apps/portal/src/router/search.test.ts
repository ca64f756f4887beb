import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { createPortalRouter } from './router.js';
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
  expect(financeSearchOf({ state: 'lost', q: 123, p: 'x' })).toEqual({ q: '123' });
  const callers = { days: 90, group: 'caller', version: 'v', operation: 'getPet' };
  expect(productUsageSearchOf({ ...callers, more: 1 })).toEqual(callers);
  expect(productUsageSearchOf({ days: 8, group: 'key' })).toEqual({});
});

it('takes a number for the text that it was in the address', () => {
  expect(subscribeSearchOf({ plan: 7 })).toEqual({ plan: '7' });
  expect(signInSearchOf({ redirect: ['/a'], error: null })).toEqual({});
});

it('takes days for usage only where they are a span', () => {
  const days = { from: '2026-03-01', to: '2026-03-31' };
  expect(usageSearchOf({ ...days, compare: 'month' })).toMatchObject({ ...days, compare: 'month' });
  const backwards = usageSearchOf({ from: days.to, to: days.from, compare: 'never' });
  expect([backwards.from, backwards.to, backwards.compare]).toEqual([undefined, undefined, undefined]);
});

it('hands no page what it does not understand of its address', () => {
  const router = createPortalRouter(new QueryClient());
  const searchAt = (path: string, search: object) => router.matchRoutes(path, search).at(-1)?.search;
  expect(searchAt('/dashboard/usage', { range: 'forever', group: 'color', status: 4 })).toEqual({ status: '4' });
  const routes = Object.values(
    router.routesByPath as Readonly<Record<string, { options: { validateSearch?: unknown } }>>,
  );
  for (const { options } of routes) {
    if (typeof options.validateSearch !== 'function') continue;
    expect((options.validateSearch as (search: object) => object)({ strange: 1 })).toEqual({ strange: undefined });
  }
});
