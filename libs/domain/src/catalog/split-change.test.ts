import { describe, expect, it } from 'vitest';
import { areSameShares, asWritten, keepChangedShares, sharesInWords, splitsOf, withShares } from './split-change.js';
import type { SubsetShare, TrafficPolicy } from './traffic-policy.js';

const shares = (stable: number, canary: number): SubsetShare[] => [
  { subset: 'stable', weight: stable },
  { subset: 'canary', weight: canary },
];
const both = new Set(['stable', 'canary']);
const written: TrafficPolicy = {
  rules: [{ name: 'testers', match: [{ plans: ['atlas/pro'] }], split: [{ subset: 'canary', weight: 1 }] }],
  defaultSplit: shares(95, 5),
};

describe('shares that are changed', () => {
  it('are in force, beside what the version was written with', () => {
    const changed = withShares(withShares(written, null, shares(50, 50)), 'testers', shares(1, 0));
    expect(splitsOf(changed)).toEqual([
      { rule: 'testers', shares: shares(1, 0), writtenShares: [{ subset: 'canary', weight: 1 }] },
      { rule: null, shares: shares(50, 50), writtenShares: shares(95, 5) },
    ]);
  });

  it('remember what was written, however often they are changed, and nothing once they are as it was', () => {
    const twice = withShares(withShares(written, null, shares(50, 50)), null, shares(0, 100));
    expect(twice.writtenDefaultSplit).toEqual(shares(95, 5));
    expect(withShares(twice, null, shares(95, 5).toReversed())).toEqual(written);
  });

  it('leave the rules apart that they are not of', () => {
    expect(withShares(written, 'nobody', shares(1, 1))).toEqual(written);
  });

  it('are not of another version that begins with the same traffic', () => {
    const changed = withShares(withShares(written, null, shares(50, 50)), 'testers', shares(1, 0));
    expect(splitsOf(asWritten(changed)).map(({ writtenShares }) => writtenShares)).toEqual([null, null]);
    expect(asWritten(changed).defaultSplit).toEqual(shares(50, 50));
  });
});

describe('a version that is written again', () => {
  const current = withShares(written, null, shares(100, 0));

  it('keeps the changed shares while it is written with the same as before, and tells which', () => {
    const { traffic, kept } = keepChangedShares(written, current, both);
    expect(traffic).toEqual(current);
    expect(kept).toEqual([{ rule: null, shares: shares(100, 0), writtenShares: shares(95, 5) }]);
  });

  it('has the shares that it is written with once these are others', () => {
    const desired = { ...written, defaultSplit: shares(90, 10) };
    expect(keepChangedShares(desired, current, both)).toEqual({ traffic: desired, kept: [] });
  });

  it('has the shares that it is written with where a changed one is of a subset that is gone', () => {
    expect(keepChangedShares(written, current, new Set(['stable'])).kept).toEqual([]);
  });

  it('is what it is written with when nothing was changed, or nothing was there', () => {
    expect(keepChangedShares(written, written, both)).toEqual({ traffic: written, kept: [] });
    expect(keepChangedShares(written, undefined, both)).toEqual({ traffic: written, kept: [] });
  });

  it('forgets the changed shares of a rule that it has no more', () => {
    const ofRule = withShares(written, 'testers', shares(1, 1));
    const desired = { ...written, rules: [] };
    expect(keepChangedShares(desired, ofRule, both)).toEqual({ traffic: desired, kept: [] });
  });
});

describe('shares', () => {
  it('are the same in whatever order, and with or without those of 0', () => {
    expect(areSameShares(shares(1, 0), [{ subset: 'stable', weight: 1 }])).toBe(true);
    expect(areSameShares(shares(1, 2), shares(1, 2).toReversed())).toBe(true);
    expect(areSameShares(shares(1, 2), shares(2, 1))).toBe(false);
  });

  it('are said in words', () => {
    expect(sharesInWords(shares(95, 5))).toBe('stable 95, canary 5');
    expect(sharesInWords([])).toBe('refused');
  });
});
