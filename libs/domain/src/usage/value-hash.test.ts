import { describe, expect, it } from 'vitest';
import { isValueHash, valueHash } from './value-hash.js';

describe('the hash of a value that is counted once', () => {
  it('is as long for a megabyte as for nothing', () => {
    expect(valueHash('s', 'users', '')).toHaveLength(32);
    expect(isValueHash(valueHash('s', 'users', 'x'.repeat(1_000_000)))).toBe(true);
  });

  it('differs by subscription, meter and value, also where they run into each other', () => {
    const hashes = [
      valueHash('s', 'users', 'ada'),
      valueHash('t', 'users', 'ada'),
      valueHash('s', 'teams', 'ada'),
      valueHash('s', 'users', 'Ada'),
      valueHash('s', 'usersa', 'da'),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(valueHash('s', 'users', 'ada')).toBe(hashes[0]);
  });

  it.each(['', 'ada', 'A'.repeat(32), 'a'.repeat(31), 12])('is not %j', (value) => {
    expect(isValueHash(value)).toBe(false);
  });
});
