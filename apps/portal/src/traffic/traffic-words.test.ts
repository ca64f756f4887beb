import { describe, expect, it } from 'vitest';
import { errorShare, formatMs, percentileWords } from './traffic-words.js';

describe('times of calls', () => {
  it('are shown in the unit that reads best, as precise as they are', () => {
    expect([0, 0.1, 3.14159, 9.96, 12.4, 999.4, 999.6, 1_340, 12_400, 614_000].map(formatMs)).toEqual([
      '0 ms',
      '0.1 ms',
      '3.1 ms',
      '10 ms',
      '12 ms',
      '999 ms',
      '1.0 s',
      '1.3 s',
      '12 s',
      '614 s',
    ]);
  });

  it('are a dash where none is known', () => {
    expect(percentileWords(null, 'p99Ms')).toBe('–');
    expect(percentileWords({ p50Ms: 1, p95Ms: 2, p99Ms: 40 }, 'p99Ms')).toBe('40 ms');
  });
});

describe('the share of errors', () => {
  it('tells little from nothing, and knows none without calls', () => {
    expect([errorShare(0, 10), errorShare(1, 100_000), errorShare(1, 800), errorShare(1, 3), errorShare(0, 0)]).toEqual(
      ['0%', '<0.01%', '0.13%', '33%', '–'],
    );
  });
});
