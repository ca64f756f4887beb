import { expect, it } from 'vitest';
import { graphLine } from './graph-line.js';

const point = (quantity: string, amountMinor: string) => ({ quantity, amountMinor });

it('draws from nothing at the bottom left to the most at the top right', () => {
  const line = graphLine([point('0', '0'), point('50', '100'), point('100', '400')], { width: 200, height: 100 });
  expect(line).toMatchObject({ path: 'M0 100L100 75L200 0', mostQuantity: '100', mostMinor: 400n });
});

it('lies on the ground where nothing costs anything', () => {
  expect(graphLine([point('0', '0'), point('10', '0')], { width: 200, height: 100 }).path).toBe('M0 100L200 100');
});
