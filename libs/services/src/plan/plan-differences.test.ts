import { expect, it } from 'vitest';
import { planDifferences } from './plan-differences.js';

const tier = (upTo: string | null, unitAmount: string) => ({ upTo, unitAmount });
const price = (meter: string, ...tiers: readonly object[]) => ({ meter, price: { tiers } });

it('tells prices apart by their meter, however they are ordered, and tiers by their place', () => {
  const from = { fee: '1', prices: [price('a', tier('10', '1'), tier(null, '2')), price('b', tier(null, '1'))] };
  const to = { fee: '1', prices: [price('b', tier(null, '3')), price('a', tier(null, '1'))] };
  expect(planDifferences(from, to)).toEqual([
    { path: 'prices[a].price.tiers[0].upTo', from: '10', to: 'any' },
    { path: 'prices[a].price.tiers[1].unitAmount', from: '2', to: null },
    { path: 'prices[a].price.tiers[1].upTo', from: 'any', to: null },
    { path: 'prices[b].price.tiers[0].unitAmount', from: '1', to: '3' },
  ]);
});

it('names all of a plan where there was none, and nothing where nothing changed', () => {
  expect(planDifferences(null, { fee: '1', approval: false })).toEqual([
    { path: 'approval', from: null, to: 'false' },
    { path: 'fee', from: null, to: '1' },
  ]);
  expect(planDifferences({ fee: '1', trial: undefined }, { fee: '1' })).toEqual([]);
});
