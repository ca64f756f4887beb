import { describe, expect, it } from 'vitest';
import type { UnnamedCoupon } from '../coupon/costs-nothing.js';
import { type PricedSubscription, priceRise, priceRiseNoticeAt } from './price-rise.js';

const at = new Date('2027-01-31T10:00:00Z');
const trialEndsAt = new Date('2027-02-14T10:00:00Z');
const until = new Date('2027-03-31T10:00:00Z');
const redeemed: UnnamedCoupon = {
  percentOff: '100',
  amountOffMinor: null,
  currency: null,
  months: 2,
  planVersionIds: null,
  countsFrom: null,
  endsAt: null,
};
const subscription: PricedSubscription = {
  planVersionId: 'v',
  definition: {
    currency: 'USD',
    billingInterval: 'month',
    fixedFee: '10.00',
    prices: [],
    quotas: [],
    rateLimits: [],
  },
  trialEndsAt: null,
  coupon: null,
  plannedAt: null,
};
const rise = (change: Partial<PricedSubscription>, when = at) => priceRise({ ...subscription, ...change }, when);
const coupon = (change: Partial<UnnamedCoupon> = {}, end: Date | null = until) => ({
  redeemed: { ...redeemed, ...change },
  until: end,
});

describe('a rise of the price', () => {
  it('is the end of a trial, and then that of the coupon', () => {
    expect(rise({})).toBeNull();
    const both = { trialEndsAt, coupon: coupon() };
    expect(rise(both)).toEqual({ at: trialEndsAt, because: 'trial_ends' });
    expect(rise(both, trialEndsAt)).toEqual({ at: until, because: 'coupon_ends' });
    expect(rise(both, until)).toBeNull();
  });

  it('is none of a coupon that goes on, or is for other plans', () => {
    expect(rise({ coupon: coupon({ months: null }, null) })).toBeNull();
    expect(rise({ coupon: coupon({ planVersionIds: ['other'] }) })).toBeNull();
    expect(rise({ coupon: coupon({ planVersionIds: ['v'] }) })).not.toBeNull();
  });

  it('is none where nothing is to be paid then either', () => {
    const free = { ...subscription.definition, fixedFee: '0' };
    expect(rise({ definition: free, trialEndsAt, coupon: coupon() })).toBeNull();
    expect(rise({ trialEndsAt, coupon: coupon({ months: null }, null) })).toBeNull();
  });

  it('is none where the subscription ends, or another plan begins, by then', () => {
    expect(rise({ coupon: coupon(), plannedAt: until })).toBeNull();
    expect(rise({ coupon: coupon(), plannedAt: new Date(until.getTime() + 1) })).not.toBeNull();
  });
});

describe('the notice of a rise', () => {
  it('is a week ahead, and in the middle of a shorter time', () => {
    expect(priceRiseNoticeAt({ at: until }, at)).toEqual(new Date('2027-03-24T10:00:00Z'));
    expect(priceRiseNoticeAt({ at: trialEndsAt }, at)).toEqual(new Date('2027-02-07T10:00:00Z'));
    expect(priceRiseNoticeAt({ at: new Date('2027-02-02T10:00:00Z') }, at)).toEqual(new Date('2027-02-01T10:00:00Z'));
    expect(priceRiseNoticeAt({ at }, until)).toEqual(at);
  });
});
