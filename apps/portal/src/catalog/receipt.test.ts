import { expect, it } from 'vitest';
import type { Product } from '../api/types.js';
import { receiptOf } from './receipt.js';

it('shows the headers as the gateway writes them', () => {
  const rateLimits = [{ name: 'burst', limit: 60, windowSeconds: 60 }];
  const product = {
    meters: [{ slug: 'requests', title: 'Requests', unit: 'request' }],
    plans: [{ version: { definition: { rateLimits } } }],
  } as unknown as Product;
  expect(receiptOf(product)).toEqual([
    { name: 'ratelimit', value: '"burst";r=59;t=60' },
    { name: 'usage', value: '"requests";cost=1;billable=?1;reason="ok"' },
  ]);
});

it('leaves out what a product does not have', () => {
  expect(receiptOf({ meters: [], plans: [] } as unknown as Product)).toEqual([]);
});
