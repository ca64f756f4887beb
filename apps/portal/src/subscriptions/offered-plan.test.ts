import { expect, it } from 'vitest';
import type { Application, Plan, Product } from '../api/types.js';
import { isSubscribed, offeredPlan, suggestedPlan } from './offered-plan.js';

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

it('suggests the next plan of the price list to change to, and a newer version of the own plan first', () => {
  const plans = ['free', 'starter', 'pro'].map((slug) => ({ slug, version: { id: `${slug}2` } }) as Plan);
  const suggestedTo = (slug: string, planVersionId: string) =>
    suggestedPlan(plans, { planVersionId, plan: { slug } })?.slug;
  expect(suggestedTo('free', 'free2')).toBe('starter');
  expect(suggestedTo('starter', 'starter2')).toBe('pro');
  expect(suggestedTo('pro', 'pro2')).toBe('starter');
  expect(suggestedTo('starter', 'starter1')).toBe('starter');
  expect(suggestedTo('retired', 'retired1')).toBe('free');
  expect(suggestedPlan([plans[0]!], { planVersionId: 'free2', plan: { slug: 'free' } })).toBeUndefined();
});
