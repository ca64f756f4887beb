import { describe, expect, it } from 'vitest';
import { type Coupon, type CouponTerms, checkCouponTerms, couponWords, toCouponCode } from './coupon.js';
import { isCouponFor, requireRedeemable } from './coupon-redemption.js';

const terms: CouponTerms = { percentOff: '20', amountOffMinor: null, currency: null, months: 1, offers: [] };

describe('the terms of a coupon', () => {
  it.each<[string, Partial<CouponTerms>, string]>([
    ['nothing off', { percentOff: null }, 'percentOff'],
    ['both ways', { amountOffMinor: 5n, currency: 'USD' }, 'percentOff'],
    ['no percent', { percentOff: '0' }, 'percentOff'],
    ['more than all', { percentOff: '100.0001' }, 'percentOff'],
    ['too many places', { percentOff: '1.00001' }, 'percentOff'],
    ['an exponent', { percentOff: '1e1' }, 'percentOff'],
    ['a sign', { percentOff: '-5' }, 'percentOff'],
    ['an amount without a currency', { percentOff: null, amountOffMinor: 5n }, 'currency'],
    ['a currency without an amount', { currency: 'USD' }, 'currency'],
    ['an unknown currency', { percentOff: null, amountOffMinor: 5n, currency: 'XXQ' }, 'currency'],
    ['no amount', { percentOff: null, amountOffMinor: 0n, currency: 'USD' }, 'amountOff'],
    ['no months', { months: 0 }, 'months'],
    ['half a month', { months: 1.5 }, 'months'],
    ['a plan twice', { offers: ['atlas/pro', 'atlas/pro'] }, 'offers'],
  ])('refuse %s, and name the field', (_, change, field) => {
    expect(() => checkCouponTerms({ ...terms, ...change })).toThrow(new RegExp(`^${field}: `));
  });

  it.each<[Partial<CouponTerms>, string]>([
    [{ percentOff: '12.5' }, '12.5% off'],
    [{ percentOff: null, amountOffMinor: 500n, currency: 'USD' }, '$5.00 off'],
    [{ percentOff: null, amountOffMinor: 500n, currency: 'EUR', months: null }, 'EUR 5.00 off a month'],
  ])('are said in words: %o', (change, words) => {
    checkCouponTerms({ ...terms, ...change });
    expect(couponWords({ ...terms, ...change })).toBe(words);
  });
});

describe('a code', () => {
  it('is read in any case, with blanks around it', () => {
    expect(toCouponCode('  spring-26 ')).toBe('SPRING-26');
  });

  it.each(['', 'ab', '-abc', 'a b c', "x'; DROP TABLE coupon;--", 'SPRİNG', 'a'.repeat(41), '<b>code</b>'])(
    'is none: %j',
    (text) => expect(toCouponCode(text)).toBeNull(),
  );
});

describe('redeeming', () => {
  const at = new Date('2026-03-01T00:00:00Z');
  const coupon: Coupon = {
    ...terms,
    id: 'c',
    publisherTeamId: 't',
    slug: 'spring',
    title: 'Spring sale',
    maxRedemptions: 2,
    redeemed: 1,
    expiresAt: new Date(at.getTime() + 1),
    archivedAt: null,
    createdAt: at,
  };
  const use = { plan: 'atlas/pro', currency: 'USD', at, wasRedeemed: false };

  it('passes until it is over', () => {
    expect(() => requireRedeemable(coupon, use)).not.toThrow();
  });

  it.each<[string, Partial<Coupon>, Partial<typeof use>]>([
    ['coupon_not_for_plan', { offers: ['atlas/free', 'maps'] }, {}],
    ['coupon_currency_differs', { percentOff: null, amountOffMinor: 5n, currency: 'EUR' }, {}],
    ['coupon_redeemed', {}, { wasRedeemed: true }],
    ['coupon_expired', { expiresAt: at }, {}],
    ['coupon_exhausted', { redeemed: 2 }, {}],
  ])('is refused: %s', (code, change, used) => {
    expect(() => requireRedeemable({ ...coupon, ...change }, { ...use, ...used })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('is for all plans, those of a product, or one', () => {
    expect(
      [[], ['atlas'], ['atlas/pro'], ['atlas/p'], ['atl']].map((offers) => isCouponFor({ offers }, 'atlas/pro')),
    ).toEqual([true, true, true, false, false]);
  });
});
