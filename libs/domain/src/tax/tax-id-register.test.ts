import { describe, expect, it } from 'vitest';
import { nextTryMs } from './tax-id-register.js';

describe('the next try to ask about a tax number', () => {
  it.each([
    [1, 5],
    [2, 10],
    [3, 20],
    [9, 1_280],
    [10, 1_440],
    [1_000, 1_440],
  ])('after %i without an answer comes in %i minutes', (tries, minutes) => {
    expect(nextTryMs(tries)).toBe(minutes * 60_000);
  });
});
