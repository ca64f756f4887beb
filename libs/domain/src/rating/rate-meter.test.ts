import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDecimal, aMeterPrice } from '../../../../test/support/plan-arbitraries.js';
import type { MeterPrice } from '../catalog/plan-definition.js';
import { rateMeter } from './rate-meter.js';

const price = (change: Partial<MeterPrice>): MeterPrice => ({
  meter: 'requests',
  included: '0',
  price: { model: 'per_unit', unitAmount: '10' },
  ...change,
});
const rate = (change: Partial<MeterPrice>, requests: string) => rateMeter(price(change), { usage: { requests } });
const perThousand = { operation: 'divide', factor: '1000', round: 'up' } as const;

describe('rateMeter', () => {
  it.each<[string, Partial<MeterPrice>, string, string]>([
    ['included units come off before the conversion', { included: '1000', conversion: perThousand }, '2001', '20'],
    ['discounted units come off after it', { conversion: perThousand, discountUnits: '0.5' }, '1400', '15'],
    ['a discount is of the amount of the tiers', { discountPercent: '25' }, '4', '30'],
    ['the maximum is of the discounted amount', { discountPercent: '50', maximumAmount: '70' }, '20', '70'],
    ['a minimum is no part of the amount', { minimumAmount: '100' }, '4', '40'],
  ])('computes in order: %s', (_, change, requests, expected) => {
    expect(rate(change, requests).amount.toFixed()).toBe(expected);
  });

  it('shows each step that changed something', () => {
    const { breakdown } = rate(
      { conversion: perThousand, discountUnits: '1', discountPercent: '10', maximumAmount: '25' },
      '3500',
    );
    expect(breakdown.map(({ basis, units, converted, amount }) => [basis, units, converted, amount])).toEqual([
      ['conversion', '3500', '4', '0'],
      ['discount_units', '1', undefined, '0'],
      [undefined, '3', undefined, '30'],
      ['discount', '0', undefined, '-3'],
      ['maximum', '0', undefined, '-2'],
    ]);
  });

  it('has a breakdown that sums to the amount exactly, for any price, whole and in parts', () => {
    fc.assert(
      fc.property(aMeterPrice('requests'), aDecimal(20_000n), aDecimal(20_000n), (any, first, more) => {
        const total = new Big(first).plus(more).toFixed();
        const before = { usage: { requests: first } };
        for (const charge of [
          rateMeter(any, { usage: { requests: total } }),
          rateMeter(any, { usage: { requests: total } }, before),
        ]) {
          const sum = charge.breakdown.reduce((all, { amount }) => all.plus(amount), new Big(0));
          expect(sum.toFixed()).toBe(charge.amount.toFixed());
        }
      }),
      { numRuns: 500 },
    );
  });

  it('costs never less for more units, but with volume prices', () => {
    fc.assert(
      fc.property(aMeterPrice('requests'), aDecimal(20_000n), aDecimal(20_000n), (any, first, more) => {
        fc.pre(any.price.model !== 'volume');
        const amountOf = (requests: Big) => rateMeter(any, { usage: { requests: requests.toFixed() } }).amount;
        expect(amountOf(new Big(first).plus(more)).gte(amountOf(new Big(first)))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
