import { describe, expect, it } from 'vitest';
import { growthPerMinute } from './growth.mjs';

/** Five minutes of readings, one a second. */
const readings = (megabytesAt) =>
  Array.from({ length: 300 }, (_, second) => ({ atMs: second * 1_000, megabytes: megabytesAt(second) }));
/** Rises by 60 MB in fifteen seconds, and falls with a collection. */
const collected = (second) => (second % 15) * 4;

describe('the growth of memory', () => {
  it('is what is never given back', () => {
    expect(growthPerMinute(readings((second) => 300 + second / 10 + collected(second)))).toBeCloseTo(6, 0);
  });

  it('is nothing where all is given back, however it rises and falls meanwhile', () => {
    expect(growthPerMinute(readings((second) => 300 + collected(second)))).toBeCloseTo(0, 5);
  });

  it('is nothing where collections only become fewer, up to the same height', () => {
    const fewer = readings((second) => 300 + (second < 150 ? collected(second) : 28 + collected(second) / 2));
    expect(growthPerMinute(fewer)).toBeCloseTo(0, 5);
  });

  it('is nothing where a heap takes the first ninety seconds to become as large as its work', () => {
    expect(growthPerMinute(readings((second) => Math.min(290, 200 + second)))).toBe(0);
  });

  it('is not known of less than a minute', () => {
    expect(growthPerMinute(readings(() => 300).slice(0, 59))).toBeNull();
    expect(growthPerMinute([])).toBeNull();
  });
});
