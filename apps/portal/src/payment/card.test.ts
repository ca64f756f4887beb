import { expect, it } from 'vitest';
import { brandName, expiryWords } from './card.js';

it('names cards as people know them', () => {
  expect(['visa', 'amex', 'girocard', ''].map(brandName)).toEqual(['Visa', 'American Express', 'Girocard', 'Card']);
  expect(expiryWords({ expMonth: 4, expYear: 2029 })).toBe('04/2029');
});
