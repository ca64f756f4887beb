import { expect, it } from 'vitest';
import { stepFrom } from './step-from.js';

it('goes up and down a list, round its ends, and nowhere by other keys or without a list', () => {
  expect([stepFrom('ArrowDown', 0, 3), stepFrom('ArrowDown', 2, 3), stepFrom('ArrowUp', 0, 3)]).toEqual([1, 0, 2]);
  expect([stepFrom('a', 1, 3), stepFrom('ArrowDown', 0, 0)]).toEqual([null, null]);
});
