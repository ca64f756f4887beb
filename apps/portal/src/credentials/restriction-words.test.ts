import { expect, it } from 'vitest';
import { overlapChoices, secondsOf } from './overlap.js';
import { restrictionWords } from './restriction-words.js';

it('says in a few words what a key is bound to', () => {
  const restrictions = { allowedAddresses: ['::1'], products: [], operations: ['a', 'b'] };
  expect(restrictionWords({ restrictions })).toBe('Only 1 address, 2 operations');
  expect(restrictionWords({ restrictions: null })).toBeNull();
});

it('offers overlaps from none to thirty days', () => {
  expect(overlapChoices.map(({ value }) => secondsOf(value))).toEqual([0, 3_600, 86_400, 604_800, 2_592_000]);
  expect(secondsOf('anything else')).toBe(86_400);
});
