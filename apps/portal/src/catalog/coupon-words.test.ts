import { expect, it } from 'vitest';
import { couponInForceWords, couponState, couponWords, redeemedWords } from './coupon-words.js';

const amountOff = { amountMinor: '500', currency: 'USD', formatted: '$5.00' };

it.each([
  [{ percentOff: '20', amountOff: null, months: 1 }, '20% off the first month'],
  [{ percentOff: '20', amountOff: null, months: 3 }, '20% off for 3 months'],
  [{ percentOff: '20', amountOff: null, months: null }, '20% off for good'],
  [{ percentOff: null, amountOff, months: 1 }, '$5.00 off the first month'],
  [{ percentOff: null, amountOff, months: 3 }, '$5.00 off each month for 3 months'],
])('says what %o takes off', (coupon, words) => expect(couponWords(coupon)).toBe(words));

it('says when something is taken off a subscription', () => {
  const coupon = { title: 'Spring', percentOff: '20', amountOff: null, months: 3 };
  const [from, until] = ['2026-02-28T10:00:00Z', '2026-05-31T10:00:00Z'];
  expect(couponInForceWords({ ...coupon, from, until })).toBe('20% off, Feb 28 – May 31, 2026');
  expect(couponInForceWords({ ...coupon, percentOff: null, amountOff, from, until: null })).toBe(
    '$5.00 off each month, from Feb 28, 2026',
  );
  expect(couponInForceWords({ ...coupon, from: null, until: null })).toBe('20% off for 3 months');
});

it('says how often it was redeemed, and whether it still can be', () => {
  const coupon = { archivedAt: null, expiresAt: '2026-02-01T00:00:00Z', redeemed: 3, maxRedemptions: 4 };
  const at = Date.parse('2026-01-31T00:00:00Z');
  expect(redeemedWords(coupon)).toBe('3 of 4');
  expect(redeemedWords({ ...coupon, maxRedemptions: null })).toBe('3');
  expect(couponState(coupon, at).label).toBe('Active');
  expect(couponState({ ...coupon, redeemed: 4 }, at).label).toBe('Used up');
  expect(couponState(coupon, Date.parse('2026-02-01T00:00:00Z')).label).toBe('Expired');
  expect(couponState({ ...coupon, archivedAt: '2026-01-01T00:00:00Z' }, at).label).toBe('Archived');
});
