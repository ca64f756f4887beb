import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aPlanDefinition, someUsage } from '../../../../test/support/plan-arbitraries.js';
import type { PlanDefinition } from '../catalog/plan-definition.js';
import { committedMinor } from './commitment.js';
import { ratePlan } from './rate-plan.js';

const meters = ['requests', 'tokens'];
const period = { startMs: Date.UTC(2026, 7, 1), endMs: Date.UTC(2026, 8, 1) };
const price = { included: '0', price: { model: 'per_unit', unitAmount: '0.01' } } as const;
const plan: PlanDefinition = {
  currency: 'USD',
  billingInterval: 'month',
  fixedFee: '29.00',
  prices: [{ meter: 'requests', ...price }],
  rateLimits: [],
  quotas: [],
};

describe('what a plan commits to', () => {
  it('is the sum of the minimums of its meters, each as its line is rounded', () => {
    expect(committedMinor(plan)).toBe(0n);
    const prices = meters.map((meter) => ({ meter, ...price, minimumAmount: '10.02' }));
    expect(committedMinor({ ...plan, prices })).toBe(2004n);
    expect(committedMinor({ ...plan, prices, roundingStepMinor: 5 })).toBe(2000n);
    expect(committedMinor({ ...plan, currency: 'KWD', prices })).toBe(20_040n);
  });

  it('is what usage costs at least, whatever was used', () => {
    fc.assert(
      fc.property(aPlanDefinition(meters), someUsage(meters), (definition, usage) => {
        const lines = ratePlan({ definition, period, usage }).lines.filter(({ meter }) => meter !== null);
        const charged = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
        expect(charged).toBeGreaterThanOrEqual(committedMinor(definition));
      }),
      { numRuns: 200 },
    );
  });
});
