import { expect, it } from 'vitest';
import { normalizeRestrictions } from './key-restrictions.js';

it('keeps each entry once and without blanks, and is nothing when nothing is restricted', () => {
  expect(normalizeRestrictions({})).toBeNull();
  expect(normalizeRestrictions({ allowedAddresses: [' '], operations: [] })).toBeNull();
  expect(
    normalizeRestrictions({ allowedAddresses: [' 10.0.0.0/8', '10.0.0.0/8', '::1'], operations: ['GET /things'] }),
  ).toEqual({ allowedAddresses: ['10.0.0.0/8', '::1'], products: [], operations: ['GET /things'] });
});

it.each(['10.0.0.1/8', '10.0.0.256', 'example.com', '10.0.0.0/33'])('refuses the address %s', (address) => {
  expect(() => normalizeRestrictions({ allowedAddresses: [address] })).toThrow(/allowedAddresses: /);
});

it('refuses what is no slug, selectors without end, and long lists', () => {
  expect(() => normalizeRestrictions({ products: ['Not A Slug'] })).toThrow(/no slug/);
  expect(() => normalizeRestrictions({ operations: ['x'.repeat(201)] })).toThrow(/at most 200 characters/);
  const many = Array.from({ length: 101 }, (_, index) => `operation${index}`);
  expect(() => normalizeRestrictions({ operations: many })).toThrow(/at most 100 entries, not 101/);
});
