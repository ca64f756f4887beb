import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aDecimal, aPlanDefinition } from '../../../../test/support/plan-arbitraries.js';
import type { DecimalString, PlanDefinition } from '../catalog/plan-definition.js';
import { ratePlan } from './rate-plan.js';
import { rateProgressive } from './rate-progressive.js';
import { rateSplit } from './rate-split.js';
import { subtotalOf, unroundedSumOf } from './rated-line.js';

const period = { startMs: Date.UTC(2026, 0, 1), endMs: Date.UTC(2026, 1, 1) };
const someParts = fc.array(aDecimal(5_000n), { minLength: 1, maxLength: 5 });

/** The running totals of the parts, zero first. */
function totalsOf(parts: readonly DecimalString[]): string[] {
  return parts.reduce((totals, part) => [...totals, new Big(totals.at(-1)!).plus(part).toFixed()], ['0']);
}

function splitsOf(definition: PlanDefinition, parts: readonly DecimalString[]) {
  const totals = totalsOf(parts);
  let before: Big | null = null;
  return parts.flatMap((_, index) => {
    const isVolume = definition.prices[0]?.price.model === 'volume';
    const lines = rateSplit({
      definition,
      period,
      before: { usage: { requests: totals[index]! } },
      use: { usage: { requests: totals[index + 1]! } },
      // The first part of a period continues nothing that was charged.
      ...(isVolume || before === null ? { charged: { requests: '0' } } : {}),
      isLast: index === parts.length - 1,
    });
    before = new Big(0);
    return lines;
  });
}

describe('rateSplit', () => {
  it('gives parts that add up to the whole period, for any plan and any cuts', () => {
    fc.assert(
      fc.property(aPlanDefinition(['requests']), someParts, (definition, parts) => {
        // What is owed before any usage belongs to no part of the usage.
        fc.pre(!definition.prices.some(({ price }) => 'flatWithoutUsage' in price && price.flatWithoutUsage));
        const whole = ratePlan({ definition, period, usage: { requests: totalsOf(parts).at(-1)! } });
        expect(new Big(unroundedSumOf(splitsOf(definition, parts))).eq(unroundedSumOf(whole.lines))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('charges what is only known at the end with the last part, and a fee in advance with the first', () => {
    const definition: PlanDefinition = {
      currency: 'USD',
      billingInterval: 'month',
      fixedFee: '10',
      prices: [{ meter: 'requests', included: '0', price: { model: 'per_unit', unitAmount: '1' }, minimumAmount: '9' }],
      rateLimits: [],
      quotas: [],
    };
    const part = (isLast: boolean, fixedFeeDue?: 'in_advance') =>
      rateSplit({
        definition: { ...definition, fixedFeeDue },
        period,
        before: { usage: { requests: '2' } },
        use: { usage: { requests: '5' } },
        isLast,
      }).map(({ position, kind, unroundedAmount }) => [position, kind, unroundedAmount]);
    expect(part(false)).toEqual([[1, 'usage', '3']]);
    expect(part(true)).toEqual([
      [1, 'fixed_fee', '10'],
      [2, 'usage', '3'],
      [3, 'minimum_commitment', '4'],
    ]);
    expect(part(true, 'in_advance').map(([, kind]) => kind)).toEqual(['usage', 'minimum_commitment']);
  });
});

describe('rateProgressive', () => {
  it('gives billings that add up to the settled period to the minor unit, for any plan and any order of totals', () => {
    fc.assert(
      fc.property(aPlanDefinition(['requests']), someParts, (definition, totals) => {
        const uses = totals.map((requests) => ({ usage: { requests } }));
        const billed = rateProgressive({ definition, period, uses }).flat();
        const { subtotalMinor } = ratePlan({ definition, period, usage: { requests: totals.at(-1)! } });
        expect(subtotalOf(billed)).toBe(subtotalMinor);
      }),
      { numRuns: 300 },
    );
  });
});
