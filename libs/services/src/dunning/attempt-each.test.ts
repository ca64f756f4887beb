import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './attempt-each.js';

describe('retryAfterMs', () => {
  it('tries three times at once, then waits twice as long each time, an hour at the most', () => {
    expect([1, 2, 3].map(retryAfterMs)).toEqual([0, 0, 0]);
    expect([4, 5, 6].map(retryAfterMs)).toEqual([15_000, 30_000, 60_000]);
    expect(retryAfterMs(12)).toBe(3_600_000);
    expect(retryAfterMs(10_000)).toBe(3_600_000);
  });
});
