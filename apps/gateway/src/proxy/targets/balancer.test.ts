import { describe, expect, it } from 'vitest';
import { Balancer } from './balancer.js';

const targets = [
  { target: 'a', weight: 5 },
  { target: 'b', weight: 1 },
  { target: 'c', weight: 1 },
];
const idle = () => ({ underWay: 0 });
const everything = () => true;

describe('a balancer in turn', () => {
  it('gives each target its share, and a heavy one no long run', () => {
    const balancer = new Balancer(targets, 'round-robin');
    const turns = Array.from({ length: 14 }, () => balancer.next(everything, idle));
    expect(turns.join('')).toBe('aabacaaaabacaa');
  });

  it('leaves out what is not free, and has none when nothing is', () => {
    const balancer = new Balancer(targets, 'round-robin');
    const turns = Array.from({ length: 4 }, () => balancer.next((target) => target !== 'a', idle));
    expect(turns.join('')).toMatch(/^(bcbc|cbcb)$/);
    expect(balancer.next(() => false, idle)).toBeNull();
  });
});

describe('a balancer by load', () => {
  it('takes the target with the fewest requests for its weight, and equal ones in turn', () => {
    const balancer = new Balancer(targets, 'least-requests');
    const loads: Record<string, number> = { a: 0, b: 0, c: 0 };
    const turns = Array.from({ length: 14 }, () => {
      const target = balancer.next(everything, (one) => ({ underWay: loads[one]! }))!;
      loads[target]!++;
      return target;
    });
    expect(turns.slice(0, 4).join('')).toBe('aaaa');
    expect(loads).toEqual({ a: 10, b: 2, c: 2 });
    loads['a'] = 0;
    expect(balancer.next(everything, (one) => ({ underWay: loads[one]! }))).toBe('a');
  });
});
