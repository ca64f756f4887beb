import { expect, it } from 'vitest';
import type { PlanDefinition } from '../catalog/plan-definition.js';
import type { RedeemedCoupon } from './coupon-discount.js';
import { costsNothing } from './costs-nothing.js';

const at = new Date('2026-02-14T10:00:00Z');
const fees: PlanDefinition = {
  currency: 'USD',
  billingInterval: 'month',
  fixedFee: '10.00',
  setupFee: '5.00',
  prices: [],
  rateLimits: [],
  quotas: [],
};
const used: PlanDefinition = {
  ...fees,
  prices: [{ meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount: '0.01' } }],
};
const all: RedeemedCoupon = {
  couponId: 'all',
  title: 'All',
  percentOff: '100',
  amountOffMinor: null,
  currency: null,
  months: null,
  planVersionIds: null,
  countsFrom: null,
  endsAt: null,
};
const fifteen = { ...all, percentOff: null, amountOffMinor: 1_500n, currency: 'USD' };

it.each<[string, boolean, PlanDefinition, RedeemedCoupon[]]>([
  ['a plan that is free by itself', true, { ...fees, fixedFee: '0', setupFee: '0' }, []],
  ['a plan without a coupon', false, used, []],
  ['all off for good', true, used, [all]],
  ['all off for some months: the next costs money', false, used, [{ ...all, months: 12 }]],
  ['nearly all off', false, used, [{ ...all, percentOff: '99.9999' }]],
  ['all off other plans', false, used, [{ ...all, planVersionIds: ['other'] }]],
  ['all off this plan', true, used, [{ ...all, planVersionIds: ['other', 'plan'] }]],
  ['all off until somebody removed it', false, used, [{ ...all, endsAt: new Date('2026-02-28T10:00:00Z') }]],
  ['all off from next month', false, used, [{ ...all, countsFrom: new Date('2026-02-28T10:00:00Z') }]],
  ['all off since this month', true, used, [{ ...all, countsFrom: new Date('2026-01-31T10:00:00Z') }]],
  ['an amount off that covers all fees', true, fees, [fifteen]],
  ['an amount off that a set-up fee goes beyond', false, fees, [{ ...fifteen, amountOffMinor: 1_499n }]],
  ['an amount off where usage costs something', false, used, [fifteen]],
  ['an amount off in another currency', false, fees, [{ ...fifteen, currency: 'EUR' }]],
  ['an amount off that rounding steps go below', false, { ...fees, roundingStepMinor: 200 }, [fifteen]],
])('%s: %s', (_, isFree, definition, coupons) => {
  expect(costsNothing({ id: 'plan', definition }, coupons, at)).toBe(isFree);
});
