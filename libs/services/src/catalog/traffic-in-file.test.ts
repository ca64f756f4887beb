import { describe, expect, it } from 'vitest';
import { catalogFileSchema } from './catalog-file.js';

const targets = [
  { url: 'http://10.0.0.1', subset: 'stable' },
  { url: 'http://10.0.0.2', subset: 'canary' },
];
const toAll = {
  default: {
    split: [
      { subset: 'stable', weight: 95 },
      { subset: 'canary', weight: 5 },
    ],
  },
};

/** What is wrong with an upstream in a catalogue file, each with its place. */
function faultsOf(upstream: object): string[] {
  const version = { name: 'v1', document: 'weather.yaml', basePath: '/weather', upstream };
  const apis = [{ slug: 'weather', title: 'Weather', publisher: 'sky', versions: [version] }];
  const { error } = catalogFileSchema.safeParse({ tollgate: 1, apis });
  return (error?.issues ?? []).map(({ path, message }) => `${path.slice(5).join('.')}: ${message}`);
}
const rule = (parts: object) => ({ name: 'testers', match: [{ organizations: ['acme'] }], subset: 'canary', ...parts });

describe('traffic in a catalogue file', () => {
  it('may be rules and a default', () => {
    const match = [
      { headers: { 'X-Canary': { exact: '1' } }, plans: ['weather/pro'] },
      { applications: ['acme/My shop'] },
    ];
    expect(faultsOf({ targets, traffic: { rules: [rule({ match })], ...toAll } })).toEqual([]);
    expect(
      faultsOf({
        targets,
        traffic: { rules: [rule({}), rule({ name: 'b', subset: 'stable' })], default: { refuse: true } },
      }),
    ).toEqual([]);
    expect(faultsOf({ targets: targets.map(({ url }) => ({ url })) })).toEqual([]);
  });

  it.each([
    [
      'a target in no subset',
      { targets: [...targets, { url: 'http://10.0.0.3' }], traffic: toAll },
      'targets.2.subset: this target is in no subset, so nothing would reach it',
    ],
    [
      'subsets without traffic',
      { targets },
      'traffic: targets are in subsets: say by traffic.default which of them calls go to',
    ],
    [
      'traffic without targets',
      { url: 'http://10.0.0.1', traffic: toAll },
      'traffic: it chooses among subsets of targets: give targets',
    ],
    [
      'an unknown subset of a rule',
      { targets, traffic: { rules: [rule({ subset: 'new' })], ...toAll } },
      'traffic.rules.0.subset: no target is in a subset "new": there are stable, canary',
    ],
    [
      'an unknown subset of a split',
      { targets, traffic: { default: { split: [...toAll.default.split, { subset: 'new', weight: 1 }] } } },
      'traffic.default.split.2.subset: no target is in a subset "new": there are stable, canary',
    ],
    [
      'a subset twice in a split',
      { targets, traffic: { default: { split: [...toAll.default.split, { subset: 'stable', weight: 1 }] } } },
      'traffic.default.split.2.subset: the subset "stable" has a share already',
    ],
    [
      'weights that are 0 in sum',
      { targets, traffic: { default: { split: toAll.default.split.map((share) => ({ ...share, weight: 0 })) } } },
      'traffic.default.split: the weights are 0 in sum: somebody must get the calls',
    ],
    [
      'a subset that nothing names',
      { targets, traffic: { default: { subset: 'stable' } } },
      'targets.1.subset: nothing in traffic names the subset "canary": one that is to wait has weight 0',
    ],
    [
      'two rules of one name',
      { targets, traffic: { rules: [rule({}), rule({})], ...toAll } },
      'traffic.rules.1.name: another rule has the name "testers"',
    ],
    [
      'both subset and split',
      { targets, traffic: { rules: [rule({ split: toAll.default.split })], ...toAll } },
      'traffic.rules.0: give one of subset and split',
    ],
    [
      'a match of nothing',
      { targets, traffic: { rules: [rule({ match: [{ headers: {} }] })], ...toAll } },
      'traffic.rules.0.match.0: say what calls match: headers, organizations, applications or plans',
    ],
    [
      'an application without its organization',
      { targets, traffic: { rules: [rule({ match: [{ applications: ['shop'] }] })], ...toAll } },
      'traffic.rules.0.match.0.applications.0: expected ORGANIZATION/APPLICATION: the slug of the one, the name of the other',
    ],
    [
      'a weight that is no whole number',
      { targets, traffic: { default: { split: [{ subset: 'stable', weight: 0.5 }] } } },
      'traffic.default.split.0.weight: Invalid input: expected int, received number',
    ],
  ])('may not have %s', (_, upstream, fault) => {
    expect(faultsOf(upstream)).toEqual([fault]);
  });

  it('may not have a match of a header field that says two things, or none', () => {
    const faultOf = (field: object) =>
      faultsOf({ targets, traffic: { rules: [rule({ match: [{ headers: { 'x-canary': field } }] })], ...toAll } });
    const fault = 'traffic.rules.0.match.0.headers.x-canary: give one of exact, prefix, regex and present';
    expect([faultOf({}), faultOf({ exact: 'a', prefix: 'b' })]).toEqual([[fault], [fault]]);
  });

  it('may not have a pattern that no linear-time engine can do', () => {
    const match = [{ headers: { 'x-canary': { regex: '(?=a)b' } } }];
    expect(faultsOf({ targets, traffic: { rules: [rule({ match })], ...toAll } })).toEqual([
      'traffic.rules.0.match.0.headers.x-canary.regex: expected a pattern without look-around and back references',
    ]);
  });
});
