import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDecimal, aPlanDefinition, aPriceModel } from '../../../../test/support/plan-arbitraries.js';
import type { MeterPrice } from '../catalog/plan-definition.js';
import { type OutstandingUnits, chargedMeters, unitsLeftUnderCap, usageMinor } from './money-cap.js';
import { ratePlan } from './rate-plan.js';
import { unitsWithin, usageLineMinor } from './units-within.js';

const perUnit = (unitAmount: string, included = '0'): MeterPrice => ({
  meter: 'requests',
  included,
  price: { model: 'per_unit', unitAmount },
});
const aPrice = fc.record({ meter: fc.constant('requests'), included: aDecimal(1000n), price: aPriceModel() });
const aRoom = fc.bigInt(0n, 5_000_000n);
const step = new Big('0.000001');

describe('units within an amount', () => {
  it.each([
    ['0.01', '0', 500n, '500.499999'],
    ['1', '0', 500n, '5.004999'],
    ['0.01', '1000', 500n, '1500.499999'],
    ['0.0025', '0', 0n, '1.999999'],
    ['0.01', '7.5', 0n, '7.999999'],
  ])('at %s each, %s included, for %i cents are %s', (unitAmount, included, roomMinor, expected) => {
    expect(unitsWithin(perUnit(unitAmount, included), roomMinor, 'USD')!.toFixed()).toBe(expected);
  });

  it('are without bound when they are free, and none when there is no room', () => {
    expect(unitsWithin(perUnit('0'), 0n, 'USD')).toBeNull();
    expect(unitsWithin(perUnit('1', '10'), -1n, 'USD')!.toFixed()).toBe('0');
  });

  it('stop before a tier whose flat amount is too much', () => {
    const price: MeterPrice = {
      meter: 'requests',
      included: '0',
      price: {
        model: 'graduated',
        tiers: [
          { upTo: '10', unitAmount: '0', flatAmount: '0' },
          { upTo: null, unitAmount: '0', flatAmount: '50' },
        ],
      },
    };
    expect(unitsWithin(price, 4_999n, 'USD')!.toFixed()).toBe('10');
    expect(unitsWithin(price, 5_000n, 'USD')).toBeNull();
  });

  it('are all that fit, and a millionth more does not, for any price', () => {
    fc.assert(
      fc.property(aPrice, aRoom, fc.constantFrom('USD', 'JPY', 'KWD'), (price, roomMinor, currency) => {
        const units = unitsWithin(price, roomMinor, currency);
        if (units === null) {
          expect(usageLineMinor(price, new Big('1e20'), currency)).toBeLessThanOrEqual(roomMinor);
          return;
        }
        expect(usageLineMinor(price, units, currency)).toBeLessThanOrEqual(roomMinor);
        expect(usageLineMinor(price, units.plus(step), currency)).toBeGreaterThan(roomMinor);
      }),
      { numRuns: 500 },
    );
  });

  it('are what trying every number finds', () => {
    const few = fc.record({
      meter: fc.constant('requests'),
      included: fc.integer({ min: 0, max: 5 }).map(String),
      price: aPriceModel(),
    });
    fc.assert(
      fc.property(few, fc.bigInt(0n, 3_000n), (price, roomMinor) => {
        let most = 0;
        while (most < 200 && usageLineMinor(price, new Big(most + 1), 'USD') <= roomMinor) most++;
        const whole = unitsWithin(price, roomMinor, 'USD')?.round(0, 0) ?? new Big(200);
        expect(Math.min(Number(whole), 200)).toBe(most);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a money cap', () => {
  const meters = ['requests', 'tokens'];

  it('lends units as long as the lines of all that is outstanding stay within it', () => {
    fc.assert(
      fc.property(
        aPlanDefinition(meters),
        aRoom,
        fc.array(fc.tuple(fc.constantFrom(...meters), fc.integer({ min: 1, max: 500 })), { maxLength: 30 }),
        (definition, capMinor, wishes) => {
          const definitions = new Map([['phase', definition]]);
          const lent: Record<string, Big> = {};
          const outstanding = (): OutstandingUnits[] =>
            Object.entries(lent).map(([meter, units]) => ({ phaseId: 'phase', meter, units: units.toFixed() }));
          for (const [meter, wish] of wishes) {
            const input = { capMinor, definitions, outstanding: outstanding(), phaseId: 'phase', meter };
            const left = unitsLeftUnderCap(input);
            const units = left === null || left.gt(wish) ? new Big(wish) : left;
            lent[meter] = (lent[meter] ?? new Big(0)).plus(units);
          }
          const usage = Object.fromEntries(outstanding().map(({ meter, units }) => [meter, units]));
          const { lines } = ratePlan({ definition, period: { startMs: 0, endMs: 1 }, usage });
          const lineSum = lines.reduce(
            (sum, { kind, amountMinor }) => (kind === 'usage' ? sum + amountMinor : sum),
            0n,
          );
          expect(usageMinor(definitions, outstanding())).toBe(lineSum);
          expect(lineSum).toBeLessThanOrEqual(capMinor);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is about the meters that cost something', () => {
    const definition = { prices: [perUnit('0'), { ...perUnit('0.1'), meter: 'tokens' }] };
    expect(chargedMeters(definition as never)).toEqual(['tokens']);
  });
});
