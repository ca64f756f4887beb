import { expect, it } from 'vitest';
import { maxQuantity, positionOf, quantityAt, startingQuantity } from './quantity-scale.js';

it('runs from nothing to the maximum', () => {
  expect(quantityAt(0)).toBe(0);
  expect(quantityAt(100)).toBe(maxQuantity);
  expect(positionOf(maxQuantity * 5)).toBe(100);
  expect(positionOf(-3)).toBe(0);
});

it('gives quantities of two significant digits, and the same position back', () => {
  for (let position = 15; position <= 100; position += 5) {
    const quantity = quantityAt(position);
    expect(Number(quantity.toPrecision(2))).toBe(quantity);
    expect(Math.abs(positionOf(quantity) - position)).toBeLessThan(1);
  }
});

it('starts beyond what is included', () => {
  expect(startingQuantity(['1000', '100000'])).toBe(200_000);
  expect(startingQuantity([])).toBe(10_000);
  expect(startingQuantity(['99999999'])).toBe(10_000);
});
