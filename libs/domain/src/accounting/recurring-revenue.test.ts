import { Big } from 'big.js';
import { expect, it } from 'vitest';
import { type SubscribedVersion, recurringRevenue } from './recurring-revenue.js';
import { RevenueSums } from './revenue.js';

const version = (changes: Partial<SubscribedVersion['definition']>, subscriptions: number, trials = 0) => ({
  plan: 'weather/pro',
  definition: { currency: 'USD', fixedFee: '29.00', billingInterval: 'month' as const, ...changes },
  subscriptions,
  trials,
});

it('takes a twelfth of a year’s fee, leaves trials out and rounds the sum once', () => {
  const year = version({ fixedFee: '100', billingInterval: 'year' }, 1);
  const all = 5_800n + 833n + 1_999n;
  expect(recurringRevenue([version({}, 2, 3), year, version({ fixedFee: '19.99' }, 1)], [])).toEqual([
    { plan: 'weather/pro', currency: 'USD', subscriptions: 4, trials: 3, monthlyMinor: all, beforeCouponsMinor: all },
  ]);
  // 3 × 8.333… is 25, not 3 × 8.33.
  expect(recurringRevenue([{ ...year, subscriptions: 3 }], [])[0]!.monthlyMinor).toBe(2_500n);
});

it('takes coupons off, of a year a twelfth, and rounds what is left once', () => {
  const year = version({ fixedFee: '100', billingInterval: 'year' }, 1);
  const off = (of: typeof year, text: string, plan = of.plan) => ({
    plan,
    definition: of.definition,
    off: new Big(text),
  });
  const discounts = [off(version({}, 1), '5.805'), off(year, '50'), off(year, '1', 'weather/other')];
  expect(recurringRevenue([version({}, 2), year], discounts)).toMatchObject([
    // 58 − 5.805 + 50 / 12
    { monthlyMinor: 5_636n, beforeCouponsMinor: 6_633n },
  ]);
});

it('keeps plans and currencies apart', () => {
  const yen = version({ currency: 'JPY', fixedFee: '500' }, 1);
  const other = { ...version({}, 1), plan: 'maps/free', definition: { ...yen.definition, fixedFee: '0' } };
  expect(
    recurringRevenue([yen, version({}, 1), other], []).map(({ plan, currency, monthlyMinor }) => [
      plan,
      currency,
      monthlyMinor,
    ]),
  ).toEqual([
    ['maps/free', 'JPY', 0n],
    ['weather/pro', 'JPY', 500n],
    ['weather/pro', 'USD', 2_900n],
  ]);
});

it('adds up revenue by month, plan and currency, and leaves other accounts out', () => {
  const sums = new RevenueSums();
  const add = (
    at: string,
    account: 'usage_revenue' | 'credit_notes' | 'receivables',
    amountMinor: bigint,
    plan: string | null = 'w/p',
  ) => sums.add({ at: new Date(at), postings: [{ account, amountMinor, plan }] }, 'USD');
  add('2026-02-28T23:59:59.999Z', 'usage_revenue', -100n);
  add('2026-02-01T00:00:00Z', 'credit_notes', 30n);
  add('2026-02-01T00:00:00Z', 'receivables', 70n);
  add('2026-03-01T00:00:00Z', 'usage_revenue', -5n, null);
  add('2026-03-01T00:00:00Z', 'usage_revenue', 5n, 'w/x');
  add('2026-03-02T00:00:00Z', 'usage_revenue', -5n, 'w/x');
  expect(sums.toList()).toEqual([
    {
      month: '2026-02',
      plan: 'w/p',
      currency: 'USD',
      byAccount: { usage_revenue: 100n, credit_notes: -30n },
      totalMinor: 70n,
    },
    { month: '2026-03', plan: null, currency: 'USD', byAccount: { usage_revenue: 5n }, totalMinor: 5n },
  ]);
});
