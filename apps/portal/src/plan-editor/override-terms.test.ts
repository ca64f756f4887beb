import { expect, it } from 'vitest';
import type { PlanTerms } from '../api/types.js';
import { overrideOf } from './override-terms.js';

it('names the fields that are other than the plan, and no others', () => {
  const quotas = [{ name: 'monthly', meter: 'requests', limit: 1000, enforcement: 'hard' }];
  const plan = { currency: 'USD', fixedFee: '10.00', prices: [], rateLimits: [], quotas } as unknown as PlanTerms;
  expect(overrideOf(plan, plan)).toEqual({});
  expect(overrideOf(plan, { ...plan, fixedFee: '5.00', concurrency: { limit: 3 } })).toEqual({
    fixedFee: '5.00',
    concurrency: { limit: 3 },
  });
  expect(overrideOf(plan, { ...plan, currency: 'EUR', quotas: [] })).toEqual({ quotas: [] });
});
