import { expect, it } from 'vitest';
import type { Application, Product } from '../api/types.js';
import { isSubscribed, offeredPlan } from './offered-plan.js';

const product = { slug: 'forecast', plans: [{ slug: 'free', version: { id: 'v1' } }] } as Product;

it('finds the plan of a version, if it is still offered', () => {
  expect(offeredPlan([product], 'v1')?.plan.slug).toBe('free');
  expect(offeredPlan([product], 'v0')).toBeNull();
});

it('counts only active subscriptions to the same product', () => {
  const application = (slug: string, state: string) =>
    ({ subscriptions: [{ product: { slug }, state }] }) as unknown as Application;
  expect(isSubscribed(application('forecast', 'active'), product)).toBe(true);
  expect(isSubscribed(application('forecast', 'canceled'), product)).toBe(false);
  expect(isSubscribed(application('places', 'active'), product)).toBe(false);
});
