import { describe, expect, it } from 'vitest';
import type { MeterPrice, PlanDefinition } from './plan-definition.js';
import { stripeRatingFaults } from './stripe-rating.js';

const perUnit: MeterPrice = { meter: 'requests', included: '100', price: { model: 'per_unit', unitAmount: '0.01' } };

function aPlan(overrides: Partial<PlanDefinition>): PlanDefinition {
  return {
    currency: 'USD',
    billingInterval: 'month',
    fixedFee: '5.00',
    prices: [perUnit],
    rateLimits: [],
    quotas: [],
    rating: 'stripe',
    ...overrides,
  };
}

const tiers = (upTo: string, unitAmount: string, flatAmount = '0') => [
  { upTo, unitAmount, flatAmount: '0' },
  { upTo: null, unitAmount: '0.0033', flatAmount },
];

describe('a plan that Stripe rates', () => {
  it.each<[string, Partial<PlanDefinition>]>([
    ['a price per unit with included units, and a fee', {}],
    [
      'packages',
      {
        prices: [
          {
            ...perUnit,
            included: '0',
            price: { model: 'package', packageSize: '50', packageAmount: '0.1', round: 'up' },
          },
        ],
      },
    ],
    [
      'tiers that come to whole cents',
      {
        prices: [{ ...perUnit, included: '0', price: { model: 'graduated', tiers: tiers('1000', '0.00125', '1.5') } }],
      },
    ],
    [
      'volume tiers of any amount',
      { prices: [{ ...perUnit, included: '0', price: { model: 'volume', tiers: tiers('7', '0.00125') } }] },
    ],
  ])('may have %s', (_, overrides) => {
    expect(stripeRatingFaults(aPlan(overrides))).toEqual([]);
  });

  const price = (overrides: Partial<MeterPrice>): Partial<PlanDefinition> => ({
    prices: [{ ...perUnit, ...overrides }],
  });
  const model = (of: MeterPrice['price']) => price({ included: '0', price: of });
  it.each<[string, Partial<PlanDefinition>]>([
    ['rating', { prices: [] }],
    ['currency', { currency: 'KWD' }],
    ['currency', { currency: 'ISK' }],
    ['trial', { trial: { days: 14, quotas: [], withoutCard: 'cancel' } }],
    ['billability.cacheHit.factor', { billability: { cacheHit: { factor: '0.5' } } }],
    ['prices[0].meter', price({ aggregation: 'max' })],
    ['prices[0].included', price({ included: '0.5' })],
    ['prices[0].included', price({ price: { model: 'volume', tiers: tiers('10', '0.1') } })],
    ['prices[0].conversion', price({ conversion: { operation: 'divide', factor: '10', round: 'up' } })],
    ['prices[0].discountUnits', price({ discountUnits: '1' })],
    ['prices[0].discountPercent', price({ discountPercent: '1' })],
    ['prices[0].minimumAmount', price({ minimumAmount: '1' })],
    ['prices[0].maximumAmount', price({ maximumAmount: '1' })],
    ['prices[0].price.model', model({ model: 'percentage', ratePercent: '1' })],
    ['prices[0].price.model', model({ model: 'dynamic', multiplier: '1' })],
    ['prices[0].price.packageSize', model({ model: 'package', packageSize: '0.5', packageAmount: '1', round: 'up' })],
    ['prices[0].price.flatWithoutUsage', model({ model: 'volume', tiers: tiers('10', '0.1'), flatWithoutUsage: true })],
    ['prices[0].price.tiers[0].upTo', model({ model: 'volume', tiers: tiers('10.5', '0.1') })],
    ['prices[0].price.tiers[1].flatAmount', model({ model: 'volume', tiers: tiers('10', '0.1', '0.001') })],
    ['prices[0].price.tiers[0].unitAmount', model({ model: 'graduated', tiers: tiers('1001', '0.00125') })],
    [
      'prices[0].price.tiers[0].flatAmount',
      model({ model: 'graduated', tiers: [{ upTo: null, unitAmount: '0.1', flatAmount: '1' }] }),
    ],
  ])('has one fault, at %s', (path, overrides) => {
    const faults = stripeRatingFaults(aPlan(overrides));
    expect(faults).toEqual([{ path, message: expect.stringMatching(/\.$/) }]);
    expect(stripeRatingFaults({ ...aPlan(overrides), rating: undefined })).toEqual([]);
  });
});
