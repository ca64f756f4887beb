import { describe, expect, it } from 'vitest';
import { topUpsDue } from './top-up.js';

const rule = { thresholdMinor: 300n, amountMinor: 200n };

describe('topUpsDue', () => {
  it('buys the fewest top-ups that lift what is left to the threshold', () => {
    expect([300n, 299n, 101n, 99n, 0n].map((left) => topUpsDue(rule, left, 9n))).toEqual([0n, 1n, 1n, 2n, 2n]);
  });

  it('buys no more than the month allows', () => {
    expect([2n, 1n, 0n, -1n].map((room) => topUpsDue(rule, 0n, room))).toEqual([2n, 1n, 0n, 0n]);
  });
});
