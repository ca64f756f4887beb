import { describe, expect, it } from 'vitest';
import type { MeterPrice, PlanDefinition } from '../catalog/plan-definition.js';
import { rateOneMore } from './rate-one-more.js';

const plan = (price: Partial<MeterPrice>): PlanDefinition => ({
  currency: 'USD',
  billingInterval: 'month',
  fixedFee: '29',
  prices: [
    { meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount: '0.0015' }, ...price },
    { meter: 'other', included: '0', price: { model: 'per_unit', unitAmount: '7' } },
  ],
  rateLimits: [],
  quotas: [],
});
const tiers = [
  { upTo: '10', unitAmount: '1', flatAmount: '0' },
  { upTo: null, unitAmount: '0.5', flatAmount: '0' },
];

describe('what some units more cost', () => {
  it.each([
    ['less than a cent, exactly', plan({}), '0', '1', '0.0015'],
    ['nothing while they are included', plan({ included: '100' }), '98', '2', '0'],
    ['only what is beyond those', plan({ included: '100' }), '99', '5', '0.006'],
    ['by the tier that they fall into', plan({ price: { model: 'graduated', tiers } }), '9', '2', '1.5'],
    ['less than nothing where all units get cheaper', plan({ price: { model: 'volume', tiers } }), '10', '1', '-4.5'],
    ['a package when they begin one', plan({ price: aPackage() }), '100', '1', '3'],
    ['nothing when their package is paid', plan({ price: aPackage() }), '101', '1', '0'],
    ['nothing beyond the most that the meter costs', plan({ maximumAmount: '1' }), '1000', '1', '0'],
    ['nothing below the least that it costs', plan({ minimumAmount: '5' }), '3', '1', '0'],
  ])('is %s', (_what, definition, used, units, amount) => {
    expect(rateOneMore(definition, 'requests', { used, units })).toBe(amount);
  });

  it('is nothing for a meter without a price', () => {
    expect(rateOneMore(plan({}), 'unknown', { used: '5', units: '1' })).toBe('0');
  });

  it.each([
    ['each event has its own price', plan({ price: { model: 'percentage', ratePercent: '2.9' } })],
    ['the meter does not add up', plan({ aggregation: 'max' })],
  ])('is not known where %s', (_why, definition) => {
    expect(rateOneMore(definition, 'requests', { used: '5', units: '1' })).toBeNull();
  });
});

function aPackage(): MeterPrice['price'] {
  return { model: 'package', packageSize: '100', packageAmount: '3', round: 'up' };
}
