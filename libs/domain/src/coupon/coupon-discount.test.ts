import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usageKey } from '../credit/usage-charges.js';
import { settle } from '../money/minor-units.js';
import { type CouponInput, type DiscountableLine, type RedeemedCoupon, couponDiscounts } from './coupon-discount.js';

const start = Date.UTC(2026, 0, 31);
const end = Date.UTC(2026, 1, 28);
const period = { startMs: start, endMs: end };
const coupon: RedeemedCoupon = {
  couponId: 'spring',
  title: 'Spring sale',
  percentOff: null,
  amountOffMinor: null,
  currency: null,
  months: null,
  planVersionIds: null,
  countsFrom: null,
  endsAt: null,
};
const amount = (amountOffMinor: bigint): RedeemedCoupon => ({ ...coupon, amountOffMinor, currency: 'USD' });
const percent = (percentOff: string): RedeemedCoupon => ({ ...coupon, percentOff });
const line = (amountMinor: bigint, change: Partial<DiscountableLine> = {}): DiscountableLine => ({
  kind: 'usage',
  meter: 'requests',
  periodStart: new Date(start),
  planVersionId: 'pro',
  amountMinor,
  serviceMs: start,
  ...change,
});
const fee = (amountMinor: bigint, change: Partial<DiscountableLine> = {}) =>
  line(amountMinor, { kind: 'fixed_fee', ...change });
const off = (of: RedeemedCoupon, lines: readonly DiscountableLine[], change: Partial<CouponInput> = {}) =>
  couponDiscounts({
    coupon: of,
    currency: 'USD',
    period,
    inForce: { startMs: start, endMs: Infinity },
    lines,
    billedBefore: [],
    stepMinor: 1,
    ...change,
  }).map((exact) => settle(exact, { currency: 'USD' }));

describe('a percentage off', () => {
  it('is of every line, each rounded once, half away from zero', () => {
    expect(off(percent('12.5'), [fee(1_000n), line(4n), line(12n), line(0n)])).toEqual([-125n, -1n, -2n, 0n]);
  });

  it('is taken back with a fee that is given back, exactly as it was given', () => {
    const givenBack = { kind: 'fixed_fee_credit', paidMinor: 1_000n } as const;
    expect(off(percent('20'), [fee(-500n, givenBack)])).toEqual([100n]);
  });

  it('goes by when the service of a line begins: a fee of a month after the last is charged in full', () => {
    const inForce = { startMs: start, endMs: end };
    const lines = [line(100n), fee(100n, { serviceMs: end }), line(100n, { kind: 'late_usage', serviceMs: start - 1 })];
    expect(off(percent('50'), lines, { inForce })).toEqual([-50n, 0n, 0n]);
  });

  it('is only of plans that the coupon is for', () => {
    const of = { ...percent('50'), planVersionIds: ['pro'] };
    expect(off(of, [line(100n), line(100n, { planVersionId: 'free' })])).toEqual([-50n, 0n]);
  });
});

describe('an amount off', () => {
  it('is not given back with late usage that gives back more than was charged after it', () => {
    const before = new Date(start - 1);
    const late = (amountMinor: bigint, kind: DiscountableLine['kind'] = 'late_usage') =>
      line(amountMinor, { kind, serviceMs: start - 1, periodStart: before });
    const inForce = { startMs: 0, endMs: Infinity };
    const of = (chargedMinor: bigint, ...lines: DiscountableLine[]) =>
      off(amount(8_000n), lines, { inForce, chargedBefore: new Map([[usageKey(late(0n)), chargedMinor]]) });
    expect(of(2_000n, late(-5_000n))).toEqual([3_000n]);
    expect(of(0n, late(-5_000n))).toEqual([5_000n]);
    expect(of(5_000n, late(-5_000n))).toEqual([0n]);
    expect(of(0n, late(40n), late(-90n, 'minimum_commitment'))).toEqual([0n, 50n]);
  });

  it('is of a month together: its fees first, and no more than there is to pay', () => {
    expect(off(amount(2_000n), [line(700n), fee(1_500n), line(100n)])).toEqual([-500n, -1_500n, 0n]);
    expect(off(amount(2_000n), [line(300n), fee(1_500n)])).toEqual([-300n, -1_500n]);
  });

  it('is what is left of it after the fee in advance, which was charged with the invoice before', () => {
    const billedBefore = [{ planVersionId: 'pro', amountMinor: 1_500n }];
    expect(off(amount(2_000n), [line(700n)], { billedBefore })).toEqual([-500n]);
    expect(off(amount(1_000n), [line(700n)], { billedBefore })).toEqual([0n]);
  });

  it('is of the next month too where a fee of that is charged already', () => {
    expect(off(amount(500n), [line(900n), fee(900n, { serviceMs: end })])).toEqual([-500n, -500n]);
  });

  it('is not of late usage', () => {
    expect(off(amount(500n), [line(900n, { kind: 'late_usage' })])).toEqual([0n]);
  });

  it('is taken back where less is left to pay of the month than was taken off', () => {
    const billedBefore = [{ planVersionId: 'pro', amountMinor: 1_000n }];
    const lines = [
      fee(-900n, { kind: 'fixed_fee_credit', paidMinor: 1_000n }),
      fee(200n, { serviceMs: start + 1 }),
      line(50n),
    ];
    // 1,000 off 1,000 was given; 350 are to pay in the end, and nothing is.
    expect(off(amount(1_000n), lines, { billedBefore })).toEqual([900n, -200n, -50n]);
  });

  it('is taken back with a fee of a year that ends in a later month', () => {
    const earlier = { kind: 'fixed_fee_credit', serviceMs: start - 1, paidMinor: 12_000n } as const;
    const inForce = { startMs: start - 1, endMs: start };
    expect(off(amount(1_000n), [fee(-11_500n, earlier)], { inForce })).toEqual([500n]);
    expect(off(amount(1_000n), [fee(-11_000n, earlier)], { inForce })).toEqual([0n]);
  });

  it('is a multiple of what the payment provider takes', () => {
    const kwd = { ...amount(1_005n), currency: 'KWD' };
    const [exact] = couponDiscounts({
      coupon: kwd,
      currency: 'KWD',
      period,
      inForce: { startMs: start, endMs: Infinity },
      lines: [line(5_000n)],
      billedBefore: [],
      stepMinor: 10,
    });
    expect(exact!.toFixed()).toBe('-1');
  });
});

const aLine = fc.record({
  kind: fc.constantFrom('fixed_fee', 'usage', 'minimum_commitment', 'setup_fee'),
  amountMinor: fc.bigInt(0n, 10n ** 7n),
  serviceMs: fc.constantFrom(start, end),
  meter: fc.constant('requests'),
  periodStart: fc.constant(new Date(start)),
  planVersionId: fc.constant('pro'),
});

it('no month costs less than nothing, and an amount is given in full where there is enough to pay', () => {
  fc.assert(
    fc.property(fc.array(aLine, { maxLength: 8 }), fc.bigInt(1n, 10n ** 7n), (lines, mostMinor) => {
      const discounts = off(amount(mostMinor), lines);
      for (const serviceMs of [start, end]) {
        const sum = (amounts: readonly bigint[]) =>
          amounts.reduce((total, one, index) => (lines[index]!.serviceMs === serviceMs ? total + one : total), 0n);
        const due = sum(lines.map(({ amountMinor }) => amountMinor));
        expect(-sum(discounts)).toBe(due < mostMinor ? due : mostMinor);
      }
      for (const [index, discount] of discounts.entries())
        expect(lines[index]!.amountMinor + discount).toBeGreaterThanOrEqual(0n);
    }),
  );
});

it('a percentage never takes more than a line is', () => {
  const aPercent = fc.integer({ min: 1, max: 1_000_000 }).map((part) => (part / 10_000).toString());
  fc.assert(
    fc.property(fc.array(aLine, { maxLength: 8 }), aPercent, (lines, percentOff) => {
      for (const [index, discount] of off(percent(percentOff), lines).entries()) {
        expect(discount).toBeLessThanOrEqual(0n);
        expect(lines[index]!.amountMinor + discount).toBeGreaterThanOrEqual(0n);
      }
    }),
  );
});
