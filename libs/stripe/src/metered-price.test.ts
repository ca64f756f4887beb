import fc from 'fast-check';
import type Stripe from 'stripe';
import { type MeterPrice, type PlanDefinition, type PriceTier, ratePlan, stripeRatingFaults } from '#domain';
import { describe, expect, it } from 'vitest';
import { priceAmounts } from '../../../apps/stripe-sandbox/src/resources/price-amounts.js';
import type { Price } from '../../../apps/stripe-sandbox/src/resources/price.js';
import { eventNameOf, stripeAmountsOf } from './metered-price.js';

const decimal = (places: number, most: number) =>
  fc.integer({ min: 0, max: most * 10 ** places }).map((scaled) => (scaled / 10 ** places).toFixed(places));
const tiers = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), decimal(4, 2), fc.integer({ min: 0, max: 20 })), {
      maxLength: 4,
    }),
    decimal(6, 2),
  )
  .map(([closed, last]): readonly PriceTier[] => {
    let bound = 0;
    const bounded = closed.map(([width, unitAmount, flat], index) => ({
      upTo: String((bound += width * 25)),
      unitAmount,
      flatAmount: index === 0 ? '0' : String(flat),
    }));
    return [...bounded, { upTo: null, unitAmount: last, flatAmount: '0' }];
  });
const prices: fc.Arbitrary<MeterPrice> = fc.oneof(
  fc.record({
    meter: fc.constant('requests'),
    included: fc.integer({ min: 0, max: 2000 }).map(String),
    price: decimal(8, 3).map((unitAmount) => ({ model: 'per_unit' as const, unitAmount })),
  }),
  fc.record({
    meter: fc.constant('requests'),
    included: fc.constant('0'),
    price: fc.oneof(
      tiers.map((some) => ({ model: 'graduated' as const, tiers: some })),
      tiers.map((some) => ({ model: 'volume' as const, tiers: some })),
      fc.record({
        model: fc.constant('package' as const),
        packageSize: fc.integer({ min: 1, max: 5000 }).map(String),
        packageAmount: decimal(3, 50),
        round: fc.constantFrom('up' as const, 'down' as const),
      }),
    ),
  }),
);

function planOf(price: MeterPrice): PlanDefinition {
  const terms = { currency: 'USD', billingInterval: 'month', fixedFee: '0', rateLimits: [], quotas: [] } as const;
  return { ...terms, prices: [price], rating: 'stripe' };
}

/** What the other implementation, which shares no code with this, makes of the price that Stripe is given. */
function costAtStripe(price: MeterPrice, quantity: string): number {
  const amounts = stripeAmountsOf({ planVersionId: 'v', title: 'Plan', currency: 'USD', price });
  const text = (value: Stripe.Decimal | undefined | '') => (value ? value.toString() : null);
  const stripePrice = {
    tiers:
      amounts.tiers?.map(({ up_to: upTo, unit_amount_decimal: unit, flat_amount_decimal: flat }) => ({
        up_to: upTo === 'inf' ? null : upTo,
        unit_amount_decimal: text(unit),
        flat_amount_decimal: text(flat),
      })) ?? null,
    tiers_mode: amounts.tiers_mode ?? null,
    transform_quantity: amounts.transform_quantity ?? null,
    unit_amount_decimal: text(amounts.unit_amount_decimal),
  } as unknown as Price;
  return priceAmounts(stripePrice, quantity).reduce((sum, { amount }) => sum + amount, 0);
}

describe('a price as Stripe has it', () => {
  it('costs the same cents at Stripe, one line for each tier or not, whatever the plan and the usage', () => {
    let compared = 0;
    fc.assert(
      fc.property(prices, fc.integer({ min: 0, max: 200_000 }).map(String), (price, quantity) => {
        const definition = planOf(price);
        fc.pre(stripeRatingFaults(definition).length === 0);
        compared += 1;
        const period = { startMs: 0, endMs: 1 };
        const here = ratePlan({ definition, period, usage: { requests: quantity } }).subtotalMinor;
        expect(costAtStripe(price, quantity)).toBe(Number(here));
      }),
      { numRuns: 500 },
    );
    expect(compared).toBe(500);
  });

  it('has a key of its meter that Stripe takes, however long the meter is called', () => {
    const planVersionId = '0190aaaa-0000-7000-8000-000000000001';
    expect(eventNameOf({ planVersionId, meter: 'm'.repeat(63) }).length).toBeLessThanOrEqual(100);
  });
});
