import { describe, expect, it } from 'vitest';
import type { VersionSplits } from '../api/types.js';
import {
  allTo,
  areSame,
  percentOf,
  percentShares,
  sharesWords,
  splitName,
  splitsElsewhere,
  stableOf,
  weightsOf,
} from './shares.js';

const shares = (stable: number, canary: number) => [
  { subset: 'stable', weight: stable },
  { subset: 'canary', weight: canary },
];
const version: VersionSplits = {
  subsets: [
    { name: 'canary', targets: [] },
    { name: 'stable', targets: [] },
  ],
  splits: [
    { rule: 'testers', shares: [{ subset: 'canary', weight: 1 }], writtenShares: null },
    { rule: 'pro', shares: [{ subset: 'stable', weight: 7 }], writtenShares: null },
    { rule: null, shares: [], writtenShares: null },
  ],
};

describe('shares of subsets', () => {
  it('are percents of the sum of all weights', () => {
    expect(percentOf(shares(3, 1), 'canary')).toBe(25);
    expect(percentOf(shares(3, 1), 'other')).toBe(0);
    expect(sharesWords(shares(1, 2))).toBe('stable 33.3%, canary 66.7%');
    expect(sharesWords(shares(100, 0))).toBe('stable 100%');
    expect(sharesWords([])).toBe('refused');
  });

  it('are the same in whichever numbers they are written', () => {
    expect(areSame(shares(19, 1), shares(95, 5))).toBe(true);
    expect(areSame(shares(1, 0), [{ subset: 'stable', weight: 5 }])).toBe(true);
    expect(areSame(shares(1, 1), shares(1, 2))).toBe(false);
  });

  it('of two are set by the percents of one, to a tenth, in whole weights', () => {
    expect(percentShares('stable', 'canary', 20)).toEqual(shares(80, 20));
    expect(percentShares('stable', 'canary', 0.5)).toEqual(shares(995, 5));
  });

  it('have a weight for each subset, also where a split does not name it', () => {
    expect(weightsOf([{ subset: 'canary', weight: 1 }], ['stable', 'canary'])).toEqual(shares(0, 1));
  });
});

describe('everything to one subset', () => {
  it('means the one called stable, or the first', () => {
    expect(stableOf(version)).toBe('stable');
    expect(stableOf({ subsets: [{ name: 'blue', targets: [] }], splits: [] })).toBe('blue');
  });

  it('changes the splits that are elsewhere, lets in nobody who is refused, and keeps the others at nothing', () => {
    expect(splitsElsewhere(version, 'stable').map(({ rule }) => rule)).toEqual(['testers']);
    expect(allTo('stable', version)).toEqual([
      { subset: 'canary', weight: 0 },
      { subset: 'stable', weight: 100 },
    ]);
  });

  it('names rules, and all calls where there are none', () => {
    expect([splitName('testers'), splitName(null), splitName(null, true)]).toEqual([
      'Rule testers',
      'All other calls',
      'All calls',
    ]);
  });
});
