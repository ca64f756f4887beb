import { describe, expect, it } from 'vitest';
import { isPackAmount, packAmounts } from './credit-pack.js';

const fixed = { slug: 'big', title: 'Big', currency: 'USD', price: '90', credits: '100' };
const free = { slug: 'any', title: 'Any', currency: 'USD', minimum: '10', maximum: '500.50' };

describe('a pack of credits', () => {
  it('grants what it says for its price, or what the buyer chose for as much', () => {
    expect(packAmounts(fixed, null)).toEqual({ priceMinor: 9_000n, creditedMinor: 10_000n });
    expect(packAmounts(free, 50_050n)).toEqual({ priceMinor: 50_050n, creditedMinor: 50_050n });
  });

  it.each([
    ['an amount for a fixed pack', fixed, 1n],
    ['no amount where one is to be chosen', free, null],
    ['less than the minimum', free, 999n],
    ['more than the maximum', free, 50_051n],
  ])('refuses %s', (_, pack, amountMinor) => {
    expect(() => packAmounts(pack, amountMinor)).toThrow(/^amountMinor: /);
  });

  it('has amounts that its currency can express', () => {
    expect(
      ['0.01', '5', '0', '0.001', '1e11'].map((amount) => isPackAmount(amount.replace('1e11', '100000000000'), 'USD')),
    ).toEqual([true, true, false, false, false]);
    expect(isPackAmount('1.5', 'JPY')).toBe(false);
  });
});
