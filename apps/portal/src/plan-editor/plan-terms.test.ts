import { expect, it } from 'vitest';
import { ProblemError } from '../api/problem.js';
import { addTier, changeModel, faultsByPath, freeName, removeTier } from './plan-terms.js';

const tiers = [
  { upTo: '1000', unitAmount: '0.01', flatAmount: '0' },
  { upTo: null, unitAmount: '0.005', flatAmount: '2' },
];

it('puts a tier before the open one, and opens what is last when one goes', () => {
  const more = addTier(tiers);
  expect(more.map(({ upTo }) => upTo)).toEqual(['1000', '2000', null]);
  expect(more[1]).toEqual({ upTo: '2000', unitAmount: '0.005', flatAmount: '0' });
  expect(removeTier(more, 2).map(({ upTo }) => upTo)).toEqual(['1000', null]);
  expect(addTier([tiers[1]!]).map(({ upTo }) => upTo)).toEqual(['1000', null]);
  expect(addTier([{ ...tiers[0]!, upTo: 'many' }, tiers[1]!]).map(({ upTo }) => upTo)).toEqual(['many', '', null]);
});

it('keeps tiers where both models have them', () => {
  expect(changeModel({ model: 'graduated', tiers }, 'volume')).toEqual({ model: 'volume', tiers });
  expect(changeModel({ model: 'graduated', tiers }, 'per_unit')).toEqual({ model: 'per_unit', unitAmount: '0' });
});

it('finds a name that quotas and rate limits do not have', () => {
  const taken = { quotas: [{ name: 'monthly' }], rateLimits: [{ name: 'monthly-2' }] };
  expect(freeName(taken as never, 'monthly')).toBe('monthly-3');
});

it('finds faults by their field, the first of each', () => {
  const fault = (path: string, message: string) => ({ path, message });
  const error = new ProblemError(400, 'plan_invalid', '', [
    fault('body.prices.0.included', 'first'),
    fault('body.prices.0.included', 'second'),
  ]);
  expect([...faultsByPath(error)]).toEqual([['prices.0.included', 'first']]);
  expect(faultsByPath(new Error('x')).size).toBe(0);
});
