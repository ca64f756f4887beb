import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDecimal, aPriceModel } from '../../../../test/support/plan-arbitraries.js';
import { priceUnits } from './price-units.js';

const upTo = (quantity: string) => ({ from: new Big(0), to: new Big(quantity) });

describe('priceUnits', () => {
  it('applies the model that the price names', () => {
    expect(priceUnits(upTo('10'), { model: 'per_unit', unitAmount: '2' }).amount.toFixed()).toBe('20');
    const tiers = [
      { upTo: '4', unitAmount: '2', flatAmount: '0' },
      { upTo: null, unitAmount: '1', flatAmount: '3' },
    ];
    expect(priceUnits(upTo('10'), { model: 'graduated', tiers }).amount.toFixed()).toBe('17');
  });

  it('charges nothing for nothing, under every model that owes no flat amount without usage', () => {
    fc.assert(
      fc.property(aPriceModel(), (price) => {
        const owed = 'flatWithoutUsage' in price && price.flatWithoutUsage ? price.tiers[0]!.flatAmount : '0';
        const priced = priceUnits(upTo('0'), price);
        expect(priced.amount.eq(owed)).toBe(true);
        if (priced.amount.eq(0)) expect(priced.breakdown).toEqual([]);
      }),
    );
  });

  it('gives one open graduated tier and a unit price the same amount and breakdown', () => {
    fc.assert(
      fc.property(aDecimal(10_000n), aDecimal(20n), (quantity, unitAmount) => {
        const tiers = [{ upTo: null, unitAmount, flatAmount: '0' }];
        expect(priceUnits(upTo(quantity), { model: 'graduated', tiers })).toEqual(
          priceUnits(upTo(quantity), { model: 'per_unit', unitAmount }),
        );
      }),
    );
  });
});
