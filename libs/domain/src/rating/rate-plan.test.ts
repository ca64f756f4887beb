import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aPlanDefinition, someUsage } from '../../../../test/support/plan-arbitraries.js';
import type { PlanDefinition } from '../catalog/plan-definition.js';
import { validatePlanDefinition } from '../catalog/validate-plan-definition.js';
import { type RatedInvoice, type RatingInput, ratePlan } from './rate-plan.js';

const meters = ['requests', 'tokens', 'constructor'];
const period = { startMs: Date.UTC(2026, 7, 1), endMs: Date.UTC(2026, 8, 1) };
const aPeriod = fc.constant(period);
const anInput: fc.Arbitrary<RatingInput> = fc.record({
  definition: aPlanDefinition(meters),
  period: aPeriod,
  usage: someUsage([...meters, 'unpriced']),
});

const pro: PlanDefinition = {
  currency: 'USD',
  billingInterval: 'month',
  fixedFee: '29.00',
  prices: [
    { meter: 'requests', included: '1000', price: { model: 'per_unit', unitAmount: '0.0025' } },
    {
      meter: 'tokens',
      included: '0',
      price: {
        model: 'graduated',
        tiers: [
          { upTo: '1000', unitAmount: '0.01', flatAmount: '0' },
          { upTo: null, unitAmount: '0.005', flatAmount: '1' },
        ],
      },
    },
  ],
  rateLimits: [],
  quotas: [],
};

describe('ratePlan', () => {
  it('makes the fixed fee line first and then one line a price, in the order of the plan', () => {
    expect(ratePlan({ definition: pro, period, usage: { tokens: '1500', requests: '15001' } })).toEqual({
      currency: 'USD',
      period,
      lines: [
        {
          position: 1,
          kind: 'fixed_fee',
          meter: null,
          description: 'Fixed fee',
          quantity: '1',
          included: '0',
          billableQuantity: '1',
          pricedQuantity: '1',
          unroundedAmount: '29',
          amountMinor: 2900n,
          breakdown: [],
        },
        {
          position: 2,
          kind: 'usage',
          meter: 'requests',
          description: 'requests: 15,001 units, 1,000 included',
          quantity: '15001',
          included: '1000',
          billableQuantity: '14001',
          pricedQuantity: '14001',
          unroundedAmount: '35.0025',
          amountMinor: 3500n,
          breakdown: [
            { from: '0', upTo: null, units: '14001', unitAmount: '0.0025', flatAmount: '0', amount: '35.0025' },
          ],
        },
        {
          position: 3,
          kind: 'usage',
          meter: 'tokens',
          description: 'tokens: 1,500 units',
          quantity: '1500',
          included: '0',
          billableQuantity: '1500',
          pricedQuantity: '1500',
          unroundedAmount: '13.5',
          amountMinor: 1350n,
          breakdown: [
            { from: '0', upTo: '1000', units: '1000', unitAmount: '0.01', flatAmount: '0', amount: '10' },
            { from: '1000', upTo: null, units: '500', unitAmount: '0.005', flatAmount: '1', amount: '3.5' },
          ],
        },
      ],
      subtotalMinor: 7750n,
    });
  });

  it('keeps the lines of meters that were not used', () => {
    const { lines, subtotalMinor } = ratePlan({ definition: pro, period, usage: {} });
    expect(lines.map(({ meter, quantity, amountMinor }) => [meter, quantity, amountMinor])).toEqual([
      [null, '1', 2900n],
      ['requests', '0', 0n],
      ['tokens', '0', 0n],
    ]);
    expect(subtotalMinor).toBe(2900n);
  });

  it('leaves out a fixed fee of zero and counts positions without it', () => {
    const { lines } = ratePlan({ definition: { ...pro, fixedFee: '0.00' }, period, usage: {} });
    expect(lines.map(({ position, kind }) => [position, kind])).toEqual([
      [1, 'usage'],
      [2, 'usage'],
    ]);
  });

  it('shows only the included units that were used', () => {
    const line = ratePlan({ definition: pro, period, usage: { requests: '400' } }).lines[1];
    expect(line).toMatchObject({
      quantity: '400',
      included: '400',
      billableQuantity: '0',
      pricedQuantity: '0',
      unroundedAmount: '0',
    });
    expect(line?.description).toBe('requests: 400 units, 400 included');
  });

  it('speaks of one unit in the singular', () => {
    expect(ratePlan({ definition: pro, period, usage: { tokens: '1' } }).lines[2]?.description).toBe('tokens: 1 unit');
  });

  it('makes no line for a meter without a price', () => {
    const usage = { unpriced: '1000000' };
    expect(ratePlan({ definition: pro, period, usage })).toEqual(ratePlan({ definition: pro, period, usage: {} }));
  });

  it('sums rounded lines and does not round the sum: three times 0.5 cents are three cents', () => {
    const halfCent = (meter: string) => ({
      meter,
      included: '0',
      price: { model: 'per_unit' as const, unitAmount: '0.005' },
    });
    const definition = { ...pro, fixedFee: '0', prices: [halfCent('a'), halfCent('b'), halfCent('c')] };
    expect(ratePlan({ definition, period, usage: { a: '1', b: '1', c: '1' } }).subtotalMinor).toBe(3n);
  });

  it.each([
    ['JPY', 4n],
    ['USD', 350n],
    ['KWD', 3500n],
  ])('settles in the minor unit of %s', (currency, amountMinor) => {
    const definition = { ...pro, currency, fixedFee: '0' };
    expect(ratePlan({ definition, period, usage: { requests: '2400' } }).subtotalMinor).toBe(amountMinor);
  });

  it('stays exact far beyond the integers that a JavaScript number holds', () => {
    const usage = { requests: '99999999999999999999999999.999999999999' };
    expect(ratePlan({ definition: pro, period, usage }).lines[1]?.unroundedAmount).toBe(
      '249999999999999999999997.4999999999999975',
    );
  });

  it('refuses usage that is not a decimal, and an unknown currency', () => {
    expect(() => ratePlan({ definition: pro, period, usage: { requests: '1e3' } })).toThrow(/usage of requests/);
    expect(() => ratePlan({ definition: { ...pro, currency: 'usd' }, period, usage: {} })).toThrow(/ISO 4217/);
  });

  it('gives the same bytes for the same input, whatever the order and spelling of the quantities (I5)', () => {
    fc.assert(
      fc.property(anInput, (input) => {
        const before = JSON.stringify(input);
        const usage = Object.fromEntries(
          Object.entries(input.usage)
            .toReversed()
            .map(([meter, quantity]) => [meter, quantity.includes('.') ? quantity : `${quantity}.000000`]),
        );
        const again: RatingInput = { ...structuredClone(input), usage };
        expect(bytes(ratePlan(again))).toBe(bytes(ratePlan(input)));
        expect(JSON.stringify(input)).toBe(before);
      }),
    );
  });

  it('has lines that number from one, are never negative, and sum to the subtotal', () => {
    fc.assert(
      fc.property(anInput, (input) => {
        const { lines, subtotalMinor } = ratePlan(input);
        expect(lines.map(({ position }) => position)).toEqual(lines.map((_, index) => index + 1));
        expect(lines.filter(({ amountMinor }) => amountMinor < 0n)).toEqual([]);
        expect(lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(subtotalMinor);
      }),
    );
  });

  it('never throws for a definition without faults', () => {
    fc.assert(
      fc.property(anInput, (input) => {
        expect(validatePlanDefinition(input.definition, meters)).toEqual([]);
        expect(() => ratePlan(input)).not.toThrow();
      }),
    );
  });
});

function bytes(invoice: RatedInvoice): string {
  return JSON.stringify(invoice, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
