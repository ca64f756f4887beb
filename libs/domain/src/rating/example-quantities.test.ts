import { expect, it } from 'vitest';
import type { MeterPrice } from '../catalog/plan-definition.js';
import { curveQuantities, exampleQuantities } from './example-quantities.js';

const price = (changes: Partial<MeterPrice>): MeterPrice => ({
  meter: 'requests',
  included: '100',
  price: { model: 'per_unit', unitAmount: '0.01' },
  ...changes,
});
const graduated = {
  model: 'graduated',
  tiers: [
    { upTo: '1000', unitAmount: '0.01', flatAmount: '0' },
    { upTo: null, unitAmount: '0.005', flatAmount: '2' },
  ],
} as const;

it('shows the last free unit, the first that is not, and both sides of each edge', () => {
  expect(exampleQuantities(price({ price: graduated }))).toEqual(['0', '100', '101', '1100', '1101', '2200']);
  expect(exampleQuantities(price({}))).toEqual(['0', '100', '101', '200', '1100', '10100']);
});

it('goes back through a conversion and units that are taken off to the units of the meter', () => {
  const conversion = { operation: 'divide', factor: '1000', round: 'up' } as const;
  expect(exampleQuantities(price({ included: '0', conversion, discountUnits: '5', price: graduated }))).toEqual([
    '0',
    '1',
    '1005000',
    '1005001',
    '2010000',
  ]);
});

it('stays short, however many tiers there are', () => {
  const tiers = Array.from({ length: 50 }, (_, index) => ({
    upTo: index === 49 ? null : String((index + 1) * 10),
    unitAmount: '1',
    flatAmount: '0',
  }));
  expect(exampleQuantities(price({ price: { model: 'volume', tiers } })).length).toBeLessThanOrEqual(20);
});

it('draws whole quantities up to the greatest example, and each example', () => {
  expect(curveQuantities(['0', '3', '10'], 4)).toEqual(['0', '3', '5', '8', '10']);
});
