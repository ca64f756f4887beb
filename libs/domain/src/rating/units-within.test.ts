import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aMeterPrice, aPlanDefinition, aPriceModel } from '../../../../test/support/plan-arbitraries.js';
import type { MeterPrice } from '../catalog/plan-definition.js';
import { type OutstandingUnits, chargedMeters, unitsLeftUnderCap, usageMinor } from './money-cap.js';
import { ratePlan } from './rate-plan.js';
import { greatestLineMinor, unitsWithin, usageLineMinor } from './units-within.js';

const perUnit = (unitAmount: string, included = '0'): MeterPrice => ({
  meter: 'requests',
  included,
  price: { model: 'per_unit', unitAmount },
});
const aPrice = aMeterPrice('requests');
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
    expect(unitsWithin(perUnit(unitAmount, included), roomMinor, { currency: 'USD' })!.toFixed()).toBe(expected);
  });

  it('are without bound when they are free, and none when there is no room', () => {
    expect(unitsWithin(perUnit('0'), 0n, { currency: 'USD' })).toBeNull();
    expect(unitsWithin(perUnit('1', '10'), -1n, { currency: 'USD' })!.toFixed()).toBe('0');
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
    expect(unitsWithin(price, 4_999n, { currency: 'USD' })!.toFixed()).toBe('10');
    expect(unitsWithin(price, 5_000n, { currency: 'USD' })).toBeNull();
  });

  it('are all that fit, and a millionth more does not, for any price', () => {
    fc.assert(
      fc.property(aPrice, aRoom, fc.constantFrom('USD', 'JPY', 'KWD'), (price, roomMinor, currency) => {
        const units = unitsWithin(price, roomMinor, { currency });
        if (units === null) {
          expect(greatestLineMinor(price, new Big('1e20'), { currency })).toBeLessThanOrEqual(roomMinor);
          return;
        }
        // Without usage a first flat amount can be more than the room.
        if (units.gt(0)) expect(greatestLineMinor(price, units, { currency })).toBeLessThanOrEqual(roomMinor);
        expect(greatestLineMinor(price, units.plus(step), { currency })).toBeGreaterThan(roomMinor);
      }),
      { numRuns: 500 },
    );
  });

  it('leave room for any fewer units too, where more units can cost less', () => {
    fc.assert(
      fc.property(aPrice, aRoom, fc.bigInt(0n, 1_000_000n), (price, roomMinor, millionths) => {
        const units = unitsWithin(price, roomMinor, { currency: 'USD' }) ?? new Big('40000');
        const fewer = units.times(millionths.toString()).times(step);
        if (fewer.gt(0))
          expect(usageLineMinor(price, fewer.round(12, 0), { currency: 'USD' })).toBeLessThanOrEqual(roomMinor);
      }),
      { numRuns: 500 },
    );
  });

  it('stop at the cliff of a volume price, and not beyond it where all units are cheaper', () => {
    const price: MeterPrice = {
      meter: 'requests',
      included: '0',
      price: {
        model: 'volume',
        tiers: [
          { upTo: '100', unitAmount: '1', flatAmount: '0' },
          { upTo: null, unitAmount: '0.1', flatAmount: '0' },
        ],
      },
    };
    expect(unitsWithin(price, 5_000n, { currency: 'USD' })!.toFixed()).toBe('50.004999');
    expect(unitsWithin(price, 9_999n, { currency: 'USD' })!.toFixed()).toBe('99.994999');
    expect(unitsWithin(price, 10_000n, { currency: 'USD' })!.toFixed()).toBe('1000.049999');
  });

  it('are none for a price of which each event costs something of its own', () => {
    const price: MeterPrice = {
      meter: 'payments',
      included: '0',
      price: { model: 'percentage', ratePercent: '2', fixedAmount: '0.3' },
    };
    expect(unitsWithin(price, 1_000_000n, { currency: 'USD' })!.toFixed()).toBe('0');
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
        while (most < 200 && greatestLineMinor(price, new Big(most + 1), { currency: 'USD' })! <= roomMinor) most++;
        const whole = unitsWithin(price, roomMinor, { currency: 'USD' })?.round(0, 0) ?? new Big(200);
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
            if (units.gt(0)) lent[meter] = (lent[meter] ?? new Big(0)).plus(units);
          }
          const usage = Object.fromEntries(outstanding().map(({ meter, units }) => [meter, units]));
          const { lines } = ratePlan({ definition, period: { startMs: 0, endMs: 1 }, usage });
          const sumOf = (asked: typeof lines) => asked.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
          const usageLines = lines.filter(({ kind }) => kind === 'usage');
          const isLent = ({ meter }: (typeof lines)[number]) => meter !== null && meter in lent;
          expect(usageMinor(definitions, outstanding())).toBe(sumOf(usageLines.filter(isLent)));
          // Flat amounts without usage can be more than the cap from the start.
          const owed = sumOf(
            ratePlan({ definition, period: { startMs: 0, endMs: 1 }, usage: {} }).lines.filter(
              ({ kind }) => kind === 'usage',
            ),
          );
          if (owed <= capMinor) expect(sumOf(usageLines)).toBeLessThanOrEqual(capMinor);
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
