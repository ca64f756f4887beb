import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDecimal, aPlanDefinition } from '../../../../test/support/plan-arbitraries.js';
import type { PlanDefinition } from '../catalog/plan-definition.js';
import { settle } from '../money/minor-units.js';
import { InvalidError } from '../problem/tollgate-error.js';
import { noEvents } from './event-tally.js';
import { rateLate } from './rate-late.js';
import { ratePlan } from './rate-plan.js';

const period = { startMs: Date.UTC(2026, 0, 31), endMs: Date.UTC(2026, 1, 28) };
const graduated: PlanDefinition = {
  currency: 'USD',
  billingInterval: 'month',
  fixedFee: '29',
  prices: [
    { meter: 'bytes', included: '0', price: { model: 'per_unit', unitAmount: '0.001' } },
    {
      meter: 'requests',
      included: '100',
      price: {
        model: 'graduated',
        tiers: [
          { upTo: '1000', unitAmount: '0.01', flatAmount: '5' },
          { upTo: null, unitAmount: '0.002', flatAmount: '7' },
        ],
      },
    },
  ],
  rateLimits: [],
  quotas: [],
};
const late = (billed: Record<string, string>, usage: Record<string, string>, firstPosition = 4) =>
  rateLate({ definition: graduated, period, billedUsage: billed, usage, firstPosition });

describe('rateLate', () => {
  it('prices late units at the marginal tier of their own period and says which period', () => {
    expect(late({ requests: '1050' }, { requests: '1200' })).toEqual([
      {
        position: 4,
        kind: 'late_usage',
        meter: 'requests',
        description: 'requests: 150 late units of the period 2026-01-31 to 2026-02-28',
        quantity: '150',
        included: '0',
        billableQuantity: '150',
        pricedQuantity: '150',
        unroundedAmount: '7.7',
        amountMinor: 770n,
        breakdown: [
          { from: '950', upTo: '1000', units: '50', unitAmount: '0.01', flatAmount: '0', amount: '0.5' },
          { from: '1000', upTo: null, units: '100', unitAmount: '0.002', flatAmount: '7', amount: '7.2' },
        ],
      },
    ]);
  });

  it('uses the included units that were left before it charges', () => {
    expect(late({ requests: '40' }, { requests: '110' })[0]).toMatchObject({
      quantity: '70',
      included: '60',
      billableQuantity: '10',
      pricedQuantity: '10',
      unroundedAmount: '5.1',
    });
  });

  it('never charges the fixed fee or an entered tier again', () => {
    expect(late({ requests: '200' }, { requests: '201' })[0]).toMatchObject({
      unroundedAmount: '0.01',
      amountMinor: 1n,
    });
  });

  it('makes a line of zero for late units that cost nothing, so that they are accounted for', () => {
    expect(late({}, { requests: '1' })[0]).toMatchObject({ quantity: '1', amountMinor: 0n, breakdown: [] });
    expect(late({}, { requests: '1' })[0]?.description).toContain('1 late unit of');
  });

  it('has no line for a meter that did not grow, and numbers the rest in the order of the plan', () => {
    expect(late({ requests: '5' }, { requests: '5.0' })).toEqual([]);
    const lines = late({ requests: '5' }, { requests: '6', bytes: '1000', unpriced: '9' }, 7);
    expect(lines.map(({ position, meter }) => [position, meter])).toEqual([
      [7, 'bytes'],
      [8, 'requests'],
    ]);
  });

  it('refuses usage that shrank: that is a matter for a credit', () => {
    expect(() => late({ requests: '6' }, { requests: '5' })).toThrow(InvalidError);
    expect(() => late({ requests: '6' }, {})).toThrow(/credit the difference/);
  });

  it('charges late events of no value what an event costs', () => {
    const price = { model: 'percentage' as const, ratePercent: '1', fixedAmount: '0.3' };
    const one = { ...noEvents, events: '1' };
    const lines = rateLate({
      definition: { ...graduated, prices: [{ meter: 'requests', included: '0', price }] },
      period,
      billedUsage: { requests: '0' },
      billedEvents: { requests: one },
      usage: { requests: '0' },
      events: { requests: { ...one, events: '3' } },
      firstPosition: 1,
    });
    expect(lines).toMatchObject([{ kind: 'late_usage', quantity: '0', amountMinor: 60n }]);
  });

  it('adds exactly what rating everything at once would have added, in any number of deliveries', () => {
    const someDeliveries = fc.array(aDecimal(5_000n), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(aPlanDefinition(['requests']), aDecimal(20_000n), someDeliveries, (definition, first, deliveries) => {
        let billed = new Big(first);
        let charged = unrounded(definition, first);
        for (const delivery of deliveries) {
          const total = billed.plus(delivery);
          const usage = { requests: total.toFixed() };
          const lines = rateLate({
            definition,
            period,
            billedUsage: { requests: billed.toFixed() },
            usage,
            firstPosition: 1,
          });
          for (const line of lines) {
            const settled = settle(new Big(line.unroundedAmount), definition);
            if (line.kind === 'late_usage') expect(line.amountMinor).toBe(settled);
            if (line.kind === 'late_usage' && !canFall(definition)) expect(line.amountMinor >= 0n).toBe(true);
            charged = charged.plus(line.unroundedAmount);
          }
          billed = total;
        }
        expect(charged.eq(unrounded(definition, billed.toFixed()))).toBe(true);
      }),
    );
  });
});

/** More units can cost less. */
function canFall({ prices }: PlanDefinition): boolean {
  return prices.some(({ price }) => price.model === 'volume');
}

function unrounded(definition: PlanDefinition, requests: string): Big {
  return ratePlan({ definition, period, usage: { requests } }).lines.reduce(
    (sum, line) => sum.plus(line.unroundedAmount),
    new Big(0),
  );
}
