import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDecimal, someTiers, toScaled } from '../../../../test/support/plan-arbitraries.js';
import type { PriceTier } from '../catalog/plan-definition.js';
import { rateGraduated } from './graduated.js';

const tier = (upTo: string | null, unitAmount: string, flatAmount = '0'): PriceTier => ({
  upTo,
  unitAmount,
  flatAmount,
});
const rate = (quantity: Big | string, tiers: readonly PriceTier[]) =>
  rateGraduated({ from: new Big(0), to: new Big(quantity) }, tiers);
const amount = (quantity: Big | string, tiers: readonly PriceTier[]) => rate(quantity, tiers).amount.toFixed();

describe('rateGraduated', () => {
  const volumeRebate = [tier('1000', '0.10'), tier('10000', '0.05'), tier(null, '0.01')];
  const withFlat = [tier('5', '0', '100'), tier('10', '0', '50'), tier('15', '10'), tier(null, '5')];

  it.each([
    ['0', '0'],
    ['1', '0.1'],
    ['999', '99.9'],
    ['1000', '100'],
    ['1001', '100.05'],
    ['10000', '550'],
    ['10001', '550.01'],
    ['15000', '600'],
  ])('charges each of %s units at its own tier: %s', (quantity, expected) => {
    expect(amount(quantity, volumeRebate)).toBe(expected);
  });

  it('includes the bound itself in the tier, and a fraction above it in the next', () => {
    expect(rate('1000', volumeRebate).breakdown).toHaveLength(1);
    expect(rate('1000.5', volumeRebate).breakdown).toEqual([
      { from: '0', upTo: '1000', units: '1000', unitAmount: '0.10', flatAmount: '0', amount: '100' },
      { from: '1000', upTo: '10000', units: '0.5', unitAmount: '0.05', flatAmount: '0', amount: '0.025' },
    ]);
  });

  it.each([
    ['0', '0'],
    ['0.000000000001', '100'],
    ['5', '100'],
    ['5.001', '150'],
    ['7', '150'],
    ['22', '235'],
  ])('charges the flat amount of each tier that %s units enter: %s', (quantity, expected) => {
    expect(amount(quantity, withFlat)).toBe(expected);
  });

  it('does not charge the flat amount of the first tier without usage', () => {
    expect(rate('0', withFlat)).toMatchObject({ breakdown: [] });
    expect(amount('0', withFlat)).toBe('0');
  });

  it('charges only the units and the newly entered tiers of a span that begins above zero', () => {
    const span = rateGraduated({ from: new Big(3), to: new Big(12) }, withFlat);
    expect(span.breakdown).toEqual([
      { from: '3', upTo: '5', units: '2', unitAmount: '0', flatAmount: '0', amount: '0' },
      { from: '5', upTo: '10', units: '5', unitAmount: '0', flatAmount: '50', amount: '50' },
      { from: '10', upTo: '15', units: '2', unitAmount: '10', flatAmount: '0', amount: '20' },
    ]);
    expect(span.amount.toFixed()).toBe('70');
  });

  it('enters the next tier when a span begins exactly on its lower bound', () => {
    const span = rateGraduated({ from: new Big(5), to: new Big(6) }, withFlat);
    expect(span.amount.toFixed()).toBe('50');
  });

  it('agrees with integer arithmetic on any tiers and quantity', () => {
    fc.assert(
      fc.property(someTiers(), aDecimal(40_000n), (tiers, quantity) => {
        expect(BigInt(rate(quantity, tiers).amount.times('1e24').toFixed())).toBe(scaledAmount(quantity, tiers));
      }),
      { numRuns: 500 },
    );
  });

  it('costs never less for more units', () => {
    fc.assert(
      fc.property(someTiers(), aDecimal(40_000n), aDecimal(40_000n), (tiers, quantity, more) => {
        const total = new Big(quantity).plus(more);
        expect(rate(total, tiers).amount.gte(rate(quantity, tiers).amount)).toBe(true);
      }),
    );
  });

  it('has no jump anywhere when no tier has a flat amount: more units cost at most the dearest unit price each', () => {
    fc.assert(
      fc.property(someTiers({ flatAmounts: false }), aDecimal(40_000n), aDecimal(1n), (tiers, quantity, more) => {
        const dearest = tiers.map(({ unitAmount }) => new Big(unitAmount)).reduce((a, b) => (a.gt(b) ? a : b));
        const increase = rate(new Big(quantity).plus(more), tiers).amount.minus(rate(quantity, tiers).amount);
        expect(increase.lte(dearest.times(more))).toBe(true);
      }),
    );
  });

  it('jumps at each bound by exactly the flat amount of the tier above it', () => {
    const atom = '0.000000000001';
    fc.assert(
      fc.property(someTiers(), (tiers) => {
        for (const [index, { upTo }] of tiers.slice(0, -1).entries()) {
          const above = tiers[index + 1]!;
          const step = rate(new Big(upTo!).plus(atom), tiers).amount.minus(rate(upTo!, tiers).amount);
          expect(step.eq(new Big(above.unitAmount).times(atom).plus(above.flatAmount))).toBe(true);
        }
      }),
    );
  });

  it('costs the same in adjoining spans as at once, wherever it is cut', () => {
    fc.assert(
      fc.property(someTiers(), aDecimal(40_000n), aDecimal(40_000n), (tiers, first, second) => {
        const cut = new Big(first);
        const end = cut.plus(second);
        const inParts = rate(cut, tiers).amount.plus(rateGraduated({ from: cut, to: end }, tiers).amount);
        expect(inParts.eq(rate(end, tiers).amount)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('breaks down into tiers that sum to the quantity and to the amount, in order and without gaps', () => {
    fc.assert(
      fc.property(someTiers(), aDecimal(40_000n), (tiers, quantity) => {
        const { amount: total, breakdown } = rate(quantity, tiers);
        const sum = (values: readonly string[]) => values.reduce((acc, value) => acc.plus(value), new Big(0));
        expect(sum(breakdown.map(({ units }) => units)).eq(quantity)).toBe(true);
        expect(sum(breakdown.map((charge) => charge.amount)).eq(total)).toBe(true);
        for (const [index, charge] of breakdown.entries()) {
          const previous = index === 0 ? '0' : breakdown[index - 1]!.upTo!;
          expect(new Big(charge.from).eq(previous)).toBe(true);
          expect(new Big(charge.units).times(charge.unitAmount).plus(charge.flatAmount).eq(charge.amount)).toBe(true);
        }
      }),
    );
  });

  it('refuses a tier that is not a decimal', () => {
    expect(() => rate('1', [tier('x', '1')])).toThrow(/upTo/);
    expect(() => rate('1', [tier(null, '-1')])).toThrow(/unitAmount/);
    expect(() => rate('1', [tier(null, '1', '')])).toThrow(/flatAmount/);
  });
});

/** The amount × 10^24, unit by unit of 10^-12 and without any decimal library. */
function scaledAmount(quantity: string, tiers: readonly PriceTier[]): bigint {
  const used = toScaled(quantity);
  const scale = 10n ** 12n;
  const bounds = tiers.map(({ upTo }) => (upTo === null ? null : toScaled(upTo)));
  return tiers.reduce((total, { unitAmount, flatAmount }, index) => {
    const lower = index === 0 ? 0n : bounds[index - 1]!;
    const upper = bounds[index] ?? used;
    if (used <= lower) return total;
    const units = (used < upper ? used : upper) - lower;
    return total + units * toScaled(unitAmount) + toScaled(flatAmount) * scale;
  }, 0n);
}
