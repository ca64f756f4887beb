import { expect, it } from 'vitest';
import type { AppliedCatalogChange } from '../api/types.js';
import { countWords, kindOf, madeCount, placeOfChange } from './change-words.js';

const difference = { path: 'title', from: 'Pro', to: 'Professional' };
const change = (action: AppliedCatalogChange['action'], differences = [difference]): AppliedCatalogChange => ({
  action,
  noun: 'plan version',
  name: 'atlas/pro@2',
  remarks: [],
  differences,
});

it('takes a version of a plan for new only when there was none before', () => {
  expect(kindOf(change('publish', []))).toBe('new');
  expect(kindOf(change('publish'))).toBe('changed');
});

it('counts each kind that there is, and what is unchanged', () => {
  const changes = [change('create', []), change('publish'), change('update'), change('retire', []), change('keep', [])];
  expect(countWords({ changes, unchanged: 1200 })).toEqual([
    '1 new',
    '2 changed',
    '1 retired',
    '1 stays as it is',
    '1,200 unchanged',
  ]);
  expect(madeCount(changes)).toBe(4);
  expect(countWords({ changes: [], unchanged: 3 })).toEqual(['3 unchanged']);
});

it.each([
  ['API', 'atlas', { page: 'apis' }],
  ['API version', 'atlas/v2', { page: 'version', api: 'atlas', version: 'v2' }],
  ['API product', 'atlas', { page: 'product', product: 'atlas' }],
  ['terms', 'atlas@2026-11', { page: 'product', product: 'atlas' }],
  ['plan', 'atlas/pro', { page: 'plan', product: 'atlas', plan: 'pro' }],
  ['plan version', 'atlas/pro@12', { page: 'plan', product: 'atlas', plan: 'pro' }],
  ['coupon', 'spring', { page: 'coupons' }],
  ['signing key', 'a', null],
])('knows where a thing is on the pages: %s %s', (noun, name, place) => {
  expect(placeOfChange({ noun, name })).toEqual(place);
});
