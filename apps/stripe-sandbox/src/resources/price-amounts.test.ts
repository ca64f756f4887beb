import { describe, expect, it } from 'vitest';
import { cyclesAfter, nextCycleEnd } from './billing-period.js';
import { priceAmounts } from './price-amounts.js';
import type { Price } from './price.js';

const plain: Pick<Price, 'tiers' | 'tiers_mode' | 'transform_quantity' | 'unit_amount_decimal'> = {
  tiers: null,
  tiers_mode: null,
  transform_quantity: null,
  unit_amount_decimal: null,
};
const tier = (upTo: number | null, unit: string, flat: string | null = null) => ({
  flat_amount: null,
  flat_amount_decimal: flat,
  unit_amount: null,
  unit_amount_decimal: unit,
  up_to: upTo,
});
const total = (price: typeof plain, quantity: string): number =>
  priceAmounts(price as Price, quantity).reduce((sum, { amount }) => sum + amount, 0);

describe('what a price makes of a quantity', () => {
  // The table of docs.stripe.com/products-prices/pricing-models#volume-pricing, in cents.
  const tiers = [tier(5, '700'), tier(10, '650'), tier(null, '600')];

  it.each([
    ['1', 700],
    ['5', 3500],
    ['6', 3900],
    ['20', 12_000],
    ['25', 15_000],
  ])('by volume, of %s, is that quantity at the tier it reaches', (quantity, expected) => {
    expect(total({ ...plain, tiers, tiers_mode: 'volume' }, quantity)).toBe(expected);
  });

  it.each([
    ['0', 0],
    ['5', 3500],
    ['6', 4150],
    ['20', 12_750],
    ['25', 15_750],
  ])('graduated, of %s, is each slice at its own tier', (quantity, expected) => {
    expect(total({ ...plain, tiers, tiers_mode: 'graduated' }, quantity)).toBe(expected);
  });

  it('in packages counts those that are begun, or those that are full', () => {
    const price = { ...plain, unit_amount_decimal: '1000' };
    const of = (quantity: string, round: 'down' | 'up') =>
      total({ ...price, transform_quantity: { divide_by: 5, round } }, quantity);
    expect(['1', '5', '6'].map((quantity) => of(quantity, 'up'))).toEqual([1000, 1000, 2000]);
    expect(['4', '5', '6'].map((quantity) => of(quantity, 'down'))).toEqual([0, 1000, 1000]);
  });

  it('is rounded once per line, halves away from zero', () => {
    expect(total({ ...plain, unit_amount_decimal: '0.05' }, '30')).toBe(2);
    expect(total({ ...plain, unit_amount_decimal: '0.05' }, '29')).toBe(1);
  });

  it('has the flat amount of each tier that is reached as a line', () => {
    const price: typeof plain = {
      ...plain,
      tiers: [tier(5, '1', '100'), tier(null, '2', '50')],
      tiers_mode: 'graduated',
    };
    expect(total(price, '0')).toBe(0);
    expect(priceAmounts(price as Price, '6').map(({ amount, isFlat }) => [amount, isFlat])).toEqual([
      [5, false],
      [100, true],
      [2, false],
      [50, true],
    ]);
  });
});

describe('a cycle', () => {
  const month = { interval: 'month', interval_count: 1 } as const;
  const at = (iso: string): number => Date.parse(`${iso}T12:00:00Z`) / 1000;

  it('has the day of its anchor, or the last of a month that lacks it, and returns to it', () => {
    const ends = [1, 2, 3, 13].map((count) => cyclesAfter(at('2027-01-31'), month, count));
    expect(ends).toEqual(['2027-02-28', '2027-03-31', '2027-04-30', '2028-02-29'].map(at));
    expect(cyclesAfter(at('2028-02-29'), { interval: 'year', interval_count: 1 }, 1)).toBe(at('2029-02-28'));
  });

  it('that ends next is the first after the instant', () => {
    const anchor = at('2027-01-31');
    expect(nextCycleEnd(anchor, month, anchor)).toBe(at('2027-02-28'));
    expect(nextCycleEnd(anchor, month, at('2027-02-28') - 1)).toBe(at('2027-02-28'));
    expect(nextCycleEnd(anchor, month, at('2027-02-28'))).toBe(at('2027-03-31'));
    expect(nextCycleEnd(anchor, month, anchor - 1)).toBe(anchor);
    expect(nextCycleEnd(anchor, { interval: 'week', interval_count: 2 }, at('2033-05-05'))).toBeGreaterThan(
      at('2033-05-05'),
    );
  });
});
