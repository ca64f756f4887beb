import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDecimal, toScaled } from '../../../../test/support/plan-arbitraries.js';
import { ratePerUnit } from './per-unit.js';

const upTo = (quantity: string) => ({ from: new Big(0), to: new Big(quantity) });

describe('ratePerUnit', () => {
  it.each([
    ['0', '10', '0'],
    ['10', '5.12345', '51.2345'],
    ['100000', '0.001', '100'],
    ['30', '0.0005', '0.015'],
    ['2.5', '3', '7.5'],
    ['1', '0.000000000001', '0.000000000001'],
    ['7', '0', '0'],
  ])('charges %s units at %s with %s, exactly', (quantity, unitAmount, amount) => {
    expect(ratePerUnit(upTo(quantity), unitAmount).amount.toFixed()).toBe(amount);
  });

  it('shows its units as one open tier', () => {
    expect(ratePerUnit(upTo('14000'), '0.0025').breakdown).toEqual([
      { from: '0', upTo: null, units: '14000', unitAmount: '0.0025', flatAmount: '0', amount: '35' },
    ]);
  });

  it('shows nothing when nothing was used', () => {
    expect(ratePerUnit(upTo('0'), '0.0025').breakdown).toEqual([]);
  });

  it('charges only the units of the span', () => {
    const { amount, breakdown } = ratePerUnit({ from: new Big(100), to: new Big(130) }, '0.1');
    expect(amount.toFixed()).toBe('3');
    expect(breakdown[0]).toMatchObject({ from: '100', units: '30' });
  });

  it('agrees with integer arithmetic on any quantity and price', () => {
    fc.assert(
      fc.property(aDecimal(10n ** 20n), aDecimal(10n ** 6n), (quantity, unitAmount) => {
        const amount = ratePerUnit(upTo(quantity), unitAmount).amount.times('1e24').toFixed();
        expect(BigInt(amount)).toBe(toScaled(quantity) * toScaled(unitAmount));
      }),
    );
  });

  it('refuses a price that is not a decimal', () => {
    expect(() => ratePerUnit(upTo('1'), '-1')).toThrow(/unitAmount/);
  });
});
