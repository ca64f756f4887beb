import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../hash/rendezvous.js';
import { Balancer } from './balancer.js';

const targets = [
  { target: 'a', name: 'a', weight: 5 },
  { target: 'b', name: 'b', weight: 1 },
  { target: 'c', name: 'c', weight: 1 },
];
const idle = () => ({ underWay: 0 });
const everything = () => true;

describe('a balancer in turn', () => {
  it('gives each target its share, and a heavy one no long run', () => {
    const balancer = new Balancer(targets, 'round-robin');
    const turns = Array.from({ length: 14 }, () => balancer.next(everything, idle, null));
    expect(turns.join('')).toBe('aabacaaaabacaa');
  });

  it('leaves out what is not free, and has none when nothing is', () => {
    const balancer = new Balancer(targets, 'round-robin');
    const turns = Array.from({ length: 4 }, () => balancer.next((target) => target !== 'a', idle, null));
    expect(turns.join('')).toMatch(/^(bcbc|cbcb)$/);
    expect(balancer.next(() => false, idle, null)).toBeNull();
  });
});

describe('a balancer by load', () => {
  it('takes the target with the fewest requests for its weight, and equal ones in turn', () => {
    const balancer = new Balancer(targets, 'least-requests');
    const loads: Record<string, number> = { a: 0, b: 0, c: 0 };
    const turns = Array.from({ length: 14 }, () => {
      const target = balancer.next(everything, (one) => ({ underWay: loads[one]! }), null)!;
      loads[target]!++;
      return target;
    });
    expect(turns.slice(0, 4).join('')).toBe('aaaa');
    expect(loads).toEqual({ a: 10, b: 2, c: 2 });
    loads['a'] = 0;
    expect(balancer.next(everything, (one) => ({ underWay: loads[one]! }), null)).toBe('a');
  });
});

const keys = Array.from({ length: 4_000 }, (_, index) => hashOf(`session-${index}`));
type Weights = ReadonlyMap<string, number>;
const weights = fc
  .uniqueArray(fc.integer({ min: 1, max: 254 }), { minLength: 2, maxLength: 20 })
  .chain((hosts) =>
    fc
      .array(fc.integer({ min: 1, max: 10 }), { minLength: hosts.length, maxLength: hosts.length })
      .map((ofHosts): Weights => new Map(hosts.map((host, index) => [`http://10.0.0.${host}:8080`, ofHosts[index]!]))),
  );
const placesOf = (all: Weights, isFree: (target: string) => boolean = everything) => {
  const balancer = new Balancer(
    [...all].map(([name, weight]) => ({ target: name, name, weight })),
    'consistent-hash',
  );
  return keys.map((key) => balancer.next(isFree, idle, key));
};
const sumOf = (all: Weights) => [...all.values()].reduce((sum, weight) => sum + weight, 0);
const without = (all: Weights, gone: string): Weights => new Map([...all].filter(([name]) => name !== gone));

describe('a balancer by hash', () => {
  it('gives each target calls in the share of its weight', () => {
    fc.assert(
      fc.property(weights, (all) => {
        const places = placesOf(all);
        for (const [name, weight] of all) {
          const share = places.filter((place) => place === name).length / keys.length;
          const wanted = weight / sumOf(all);
          // Five standard deviations of as many draws.
          expect(Math.abs(share - wanted)).toBeLessThan(5 * Math.sqrt((wanted * (1 - wanted)) / keys.length) + 0.002);
        }
      }),
      { numRuns: 30, seed: 7 },
    );
  });

  it('moves only the calls of a target that goes, and back to it those alone when it comes again', () => {
    fc.assert(
      fc.property(weights, fc.nat(), (all, which) => {
        const gone = [...all.keys()][which % all.size]!;
        const [before, after] = [placesOf(all), placesOf(without(all, gone))];
        expect(after).not.toContain(gone);
        for (const [index, place] of before.entries()) if (place !== gone) expect(after[index]).toBe(place);
      }),
      { numRuns: 50, seed: 7 },
    );
  });

  it('moves calls to a target that gets more weight, and no others', () => {
    fc.assert(
      fc.property(weights, fc.nat(), (all, which) => {
        const grown = [...all.keys()][which % all.size]!;
        const [before, after] = [placesOf(all), placesOf(new Map([...all, [grown, all.get(grown)! + 5]]))];
        for (const [index, place] of before.entries()) if (after[index] !== place) expect(after[index]).toBe(grown);
      }),
      { numRuns: 30, seed: 7 },
    );
  });

  it('sends the calls of a target that rests where they would go without it, and does not ask in which order targets are named', () => {
    fc.assert(
      fc.property(weights, fc.nat(), (all, which) => {
        const resting = [...all.keys()][which % all.size]!;
        const reversed = new Map([...without(all, resting)].toReversed());
        expect(placesOf(all, (target) => target !== resting)).toEqual(placesOf(reversed));
      }),
      { numRuns: 30, seed: 7 },
    );
  });

  it('shares calls without a hash in turn, and has none when nothing is free', () => {
    const balancer = new Balancer(targets, 'consistent-hash');
    const turns = Array.from({ length: 14 }, () => balancer.next(everything, idle, null));
    expect(turns.join('')).toBe('aabacaaaabacaa');
    expect(balancer.next(() => false, idle, keys[0]!)).toBeNull();
  });
});
