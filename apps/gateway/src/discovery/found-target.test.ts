import { describe, expect, it } from 'vitest';
import { type FoundTarget, findingOf } from './found-target.js';

const target = (host: string, changes: Partial<FoundTarget> = {}): FoundTarget => ({
  host,
  port: null,
  weight: 1,
  priority: 0,
  ...changes,
});

describe('a finding', () => {
  it('has at most a hundred targets, always the same ones', () => {
    const found = Array.from({ length: 130 }, (_, index) => target(`10.0.1.${index}`));
    const [one, other] = [findingOf(found, 0, []), findingOf(found.toReversed(), 0, [])];
    expect(one.targets).toHaveLength(100);
    expect(other.targets).toEqual(one.targets);
    expect(one.remarks).toEqual(['30 of 130 targets are too many, and left out']);
  });

  it('has each place once, as it is named first', () => {
    const found = [target('b', { weight: 3 }), target('a'), target('b', { priority: 9 }), target('b', { port: 81 })];
    expect(findingOf(found, 0, []).targets).toEqual([
      target('a'),
      target('b', { weight: 3 }),
      target('b', { port: 81 }),
    ]);
  });

  it('is none of nothing', () => {
    expect(() => findingOf([], 0, ['one is gone'])).toThrow('the answer is empty; one is gone');
  });
});
