import { describe, expect, it } from 'vitest';
import type { FoundTarget } from '../../discovery/found-target.js';
import { DiscoveredTargets } from './discovered-targets.js';

const found = (host: string, weight = 1, priority = 0): FoundTarget => ({ host, port: 80, weight, priority });
const idle = () => ({ underWay: 0 });

function targetsOf(...targets: readonly FoundTarget[]) {
  const known = { targets, revision: 0 };
  const discovered = new DiscoveredTargets(known, 'round-robin', ({ host }) => ({ host }));
  const turns = (count: number, isFree: (host: string) => boolean = () => true) =>
    Array.from({ length: count }, () => discovered.next(({ host }) => isFree(host), idle, null)?.host ?? '-').join('');
  const become = (...others: readonly FoundTarget[]) => {
    known.targets = others;
    known.revision++;
  };
  return { discovered, turns, become };
}

describe('targets that are found out', () => {
  it('get calls by their weights, and those of a later priority only when no earlier one is free', () => {
    const { turns } = targetsOf(found('a', 2), found('b'), found('y', 1, 10), found('z', 1, 10));
    expect(turns(6)).toBe('abaaba');
    expect(turns(4, (host) => host !== 'a')).toBe('bbbb');
    expect(turns(4, (host) => host > 'b')).toBe('yzyz');
    expect(turns(1, () => false)).toBe('-');
  });

  it('are those of the source at the moment, and stay the same where they stay', () => {
    const { discovered, turns, become } = targetsOf();
    expect(turns(1)).toBe('-');
    become(found('a'), found('b'));
    const before = discovered.all;
    expect(turns(2)).toBe('ab');
    become(found('b'), found('c'));
    expect(turns(4)).toBe('bcbc');
    expect(discovered.all[0]).toBe(before[1]);
  });
});
