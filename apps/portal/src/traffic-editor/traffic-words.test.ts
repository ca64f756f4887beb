import { describe, expect, it } from 'vitest';
import {
  type HeaderRow,
  choiceValue,
  headerRows,
  headersOf,
  newRule,
  subsetsOf,
  trafficIn,
  withChoice,
  withShare,
  withSubset,
} from './traffic-words.js';

const targets = [{ url: 'http://a', weight: 3 }, { url: 'http://b' }];

describe('the rules of traffic that are edited', () => {
  it('begin with the first subset, which gets all calls, and end with the last', () => {
    const one = withSubset({ targets }, 0, 'stable');
    expect(one).toEqual({
      targets: [{ url: 'http://a', weight: 3, subset: 'stable' }, { url: 'http://b' }],
      traffic: { default: { subset: 'stable' } },
    });
    expect(withSubset(one, 0, '')).toEqual({ targets });
  });

  it('follow a subset to its new name, as long as no other target has the old one', () => {
    const both = withSubset(withSubset({ targets }, 0, 's'), 1, 'c');
    const split = [
      { subset: 's', weight: 9 },
      { subset: 'c', weight: 1 },
    ];
    const traffic = { rules: [{ ...newRule([], 'c') }], default: { split } };
    const renamed = withSubset({ ...both, traffic }, 1, 'canary');
    expect(subsetsOf(renamed)).toEqual(['s', 'canary']);
    expect(trafficIn(renamed)).toMatchObject({
      rules: [{ subset: 'canary' }],
      default: { split: [{ subset: 's' }, { subset: 'canary' }] },
    });
    const shared = withSubset({ ...both, traffic }, 1, 's');
    expect(trafficIn(withSubset(shared, 1, 'other'))).toEqual(trafficIn(shared));
  });

  it('go one way only', () => {
    const subsets = ['stable', 'canary'];
    const split = withChoice({ subset: 'canary' }, 'split', subsets);
    expect(split).toEqual({
      split: [
        { subset: 'stable', weight: 0 },
        { subset: 'canary', weight: 100 },
      ],
    });
    expect(withChoice(split, 'refuse', subsets)).toEqual({ refuse: true });
    expect(withChoice({ ...split, name: 'x' }, 'subset:stable', subsets)).toEqual({ name: 'x', subset: 'stable' });
    expect([split, { refuse: true as const }, { subset: 'canary' }].map(choiceValue)).toEqual([
      'split',
      'refuse',
      'subset:canary',
    ]);
  });

  it('have shares of the subsets that have a weight', () => {
    const split = [{ subset: 'a', weight: 1 }];
    expect(withShare(split, 'b', 0)).toEqual([...split, { subset: 'b', weight: 0 }]);
    expect(withShare(split, 'a', 5)).toEqual([{ subset: 'a', weight: 5 }]);
    expect(withShare(split, 'a', undefined)).toEqual([]);
  });

  it('have new rules with a name of their own', () => {
    const first = newRule([], 'canary');
    expect([first.name, newRule([first], 'canary').name]).toEqual(['testers', 'testers-2']);
  });

  it('match header fields as they did before', () => {
    const headers = {
      a: { exact: '1' },
      b: { prefix: '2' },
      c: { regex: '3+' },
      d: { present: true },
      e: { present: false },
    };
    const rows = headerRows(headers);
    expect(rows.map(({ how }): HeaderRow['how'] => how)).toEqual(['exact', 'prefix', 'regex', 'present', 'absent']);
    expect(headersOf(rows)).toEqual(headers);
    expect(headersOf([])).toBeUndefined();
  });
});
