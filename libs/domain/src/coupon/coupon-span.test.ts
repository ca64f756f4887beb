import { describe, expect, it } from 'vitest';
import type { PlanDefinition } from '../catalog/plan-definition.js';
import { couponSpan, couponStartMs } from './coupon-span.js';

const start = Date.UTC(2026, 0, 31);
const end = Date.UTC(2026, 1, 28);
const march = Date.UTC(2026, 2, 31);
const always = { months: null, countsFrom: null, endsAt: null };
const phase = (startsAt: number, endsAt: number | null, isTrial = false) => ({
  startsAt: new Date(startsAt),
  endsAt: endsAt === null ? null : new Date(endsAt),
  isTrial,
});

describe('the months of a coupon', () => {
  it('are counted from the one in which the subscription begins to cost something, on its own days', () => {
    const two = { ...always, months: 2 };
    expect(couponSpan(two, start, [phase(start, null)])).toEqual({ startMs: start, endMs: march });
    const trialEnd = end + 1_000;
    expect(couponSpan({ ...always, months: 1 }, start, [phase(start, trialEnd, true), phase(trialEnd, null)])).toEqual({
      startMs: end,
      endMs: march,
    });
  });

  it('go on without end, and are none in a trial or a phase that was taken back', () => {
    expect(couponSpan(always, start, [phase(start, null)])).toEqual({ startMs: start, endMs: Infinity });
    expect(couponSpan(always, start, [phase(start, end, true), phase(end, end)])).toBeNull();
  });

  it('are counted from when it was redeemed, where that was later, and end where it was removed', () => {
    const late = { months: 1, countsFrom: new Date(end), endsAt: null };
    expect(couponSpan(late, start, [phase(start, null)])).toEqual({ startMs: end, endMs: march });
    const trialEnd = march + 1_000;
    expect(couponSpan(late, start, [phase(start, trialEnd, true), phase(trialEnd, null)])?.startMs).toBe(march);
    const removed = { ...always, endsAt: new Date(end) };
    expect(couponSpan(removed, start, [phase(start, null)])).toEqual({ startMs: start, endMs: end });
    expect(couponSpan({ ...removed, countsFrom: new Date(march) }, start, [phase(start, null)])).toEqual({
      startMs: march,
      endMs: march,
    });
  });
});

describe('the month from which a coupon counts that is redeemed later', () => {
  const definition: PlanDefinition = {
    currency: 'USD',
    billingInterval: 'month',
    fixedFee: '10.00',
    prices: [],
    rateLimits: [],
    quotas: [],
  };
  const priced = (startsAt: number, endsAt: number | null, change: Partial<PlanDefinition> = {}) => ({
    ...phase(startsAt, endsAt),
    id: `${startsAt}`,
    definition: { ...definition, ...change },
  });
  const inAdvance = { fixedFeeDue: 'in_advance' } as const;
  const middle = end + 86_400_000;

  it('is the one under way when nothing is paid in advance', () => {
    expect(couponStartMs([priced(start, null)], start, middle)).toBe(end);
    expect(couponStartMs([priced(start, null)], start, end - 1)).toBe(start);
  });

  it('is the first after what is paid in advance: a month, a year, a set-up fee', () => {
    expect(couponStartMs([priced(start, null, inAdvance)], start, middle)).toBe(march);
    expect(couponStartMs([priced(start, null, inAdvance)], start, end)).toBe(march);
    const yearly = { ...inAdvance, billingInterval: 'year' } as const;
    expect(couponStartMs([priced(start, null, yearly)], start, middle)).toBe(Date.UTC(2027, 0, 31));
    expect(couponStartMs([priced(start, null, { setupFee: '5.00' })], start, end - 1)).toBe(end);
    expect(couponStartMs([priced(start, null, { setupFee: '5.00' })], start, middle)).toBe(end);
  });

  it('takes no part in what an earlier plan gives back', () => {
    const yearly = { ...inAdvance, billingInterval: 'year' } as const;
    const changed = (atMs: number) => [priced(start, atMs, yearly), priced(atMs, null)];
    expect(couponStartMs(changed(middle), start, middle + 1)).toBe(march);
    expect(couponStartMs(changed(end), start, middle)).toBe(end);
  });

  it('is the one under way for a fee in advance that is not on an invoice yet', () => {
    expect(couponStartMs([priced(start, middle), priced(middle, null, inAdvance)], start, middle + 1)).toBe(end);
  });
});
