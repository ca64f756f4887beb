import { UuidV7Generator } from '#domain';
import { describe, expect, it } from 'vitest';
import { aRandom } from '../../../../../test/support/random.js';
import { StickySplit } from './sticky-split.js';

const random = aRandom(7);
const ids = new UuidV7Generator({ nowMs: () => 1_764_000_000_000, now: () => new Date(1_764_000_000_000) }, (bytes) => {
  for (let index = 0; index < bytes.length; index++) bytes[index] = Math.floor(random.between(0, 256));
});
const applications = Array.from({ length: 20_000 }, () => ids.next());
const split = (weights: Readonly<Record<string, number>>, name = 'version rule') =>
  new StickySplit(
    name,
    Object.entries(weights).map(([subset, weight]) => ({ name: subset, subset, weight })),
  );
const sharesOf = (one: StickySplit<string>) => {
  const counts = new Map<string, number>();
  for (const application of applications) {
    const subset = one.of(application)!;
    counts.set(subset, (counts.get(subset) ?? 0) + 1);
  }
  return (subset: string) => (100 * (counts.get(subset) ?? 0)) / applications.length;
};
/** Who goes from where to where, such as "stable → canary". */
const movesBetween = (before: StickySplit<string>, after: StickySplit<string>) => {
  const moves = new Map<string, number>();
  for (const application of applications) {
    const [from, to] = [before.of(application), after.of(application)];
    if (from !== to) moves.set(`${from} → ${to}`, (moves.get(`${from} → ${to}`) ?? 0) + 1);
  }
  return moves;
};

describe('a split of applications', () => {
  it('gives each subset its share', () => {
    const two = sharesOf(split({ stable: 95, canary: 5 }));
    expect(two('canary')).toBeCloseTo(5, 0);
    const three = sharesOf(split({ a: 1, b: 2, c: 5 }));
    for (const [subset, share] of [
      ['a', 12.5],
      ['b', 25],
      ['c', 62.5],
    ] as const)
      expect(Math.abs(three(subset) - share)).toBeLessThan(1);
  });

  it('gives nothing to a weight of 0, and all to the only other', () => {
    expect(sharesOf(split({ stable: 100, canary: 0 }))('stable')).toBe(100);
    expect(sharesOf(split({ stable: 0, canary: 1 }))('canary')).toBe(100);
  });

  it('is always the same for an application, in whichever order the subsets are named', () => {
    const moves = movesBetween(split({ stable: 90, canary: 10 }), split({ canary: 10, stable: 90 }));
    expect([...moves]).toEqual([]);
  });

  it('moves applications to the subset that grows, and none of them back', () => {
    const steps = [1, 5, 10, 25, 50, 75, 100].map((canary) => split({ stable: 100 - canary, canary }));
    for (const [index, after] of steps.entries()) {
      if (index === 0) continue;
      expect([...movesBetween(steps[index - 1]!, after).keys()]).toEqual(['stable → canary']);
    }
  });

  it('moves no more than it must, also among three', () => {
    const moves = movesBetween(split({ a: 90, b: 5, c: 5 }), split({ a: 80, b: 10, c: 10 }));
    expect([...moves.keys()].toSorted()).toEqual(['a → b', 'a → c']);
    for (const count of moves.values()) expect(count / applications.length).toBeCloseTo(0.05, 1);
  });

  it('begins with others in another rule', () => {
    const canary = (name: string) => split({ stable: 90, canary: 10 }, name);
    const [one, other] = [canary('version one'), canary('version other')];
    const both = applications.filter((id) => one.of(id) === 'canary' && other.of(id) === 'canary');
    expect((100 * both.length) / applications.length).toBeCloseTo(1, 0);
  });
});
