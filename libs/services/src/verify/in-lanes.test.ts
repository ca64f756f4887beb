import { describe, expect, it } from 'vitest';
import type { Transaction } from '#persistence';
import { inLanes } from './in-lanes.js';

describe('work in lanes', () => {
  const lanes = ['first', 'second'] as unknown as readonly Transaction[];

  const all = async <Result>(results: AsyncIterable<Result>) => {
    const list: Result[] = [];
    for await (const result of results) list.push(result);
    return list;
  };

  it('yields results in the order of the items, however long each takes, one at a time in a lane', async () => {
    const busy = new Set<Transaction>();
    const work = async (lane: Transaction, item: number) => {
      expect(busy.has(lane)).toBe(false);
      busy.add(lane);
      for (let turn = 0; turn < (item % 3) * 4; turn++) await Promise.resolve();
      busy.delete(lane);
      return item * 10;
    };
    expect(await all(inLanes(lanes, [1, 2, 3, 4, 5, 6, 7], work))).toEqual([10, 20, 30, 40, 50, 60, 70]);
  });

  it('begins a bounded number ahead, and of one lane none before the last was taken', async () => {
    const begun: number[] = [];
    const work = (_: Transaction, item: number) => Promise.resolve(begun.push(item));
    const items = [1, 2, 3, 4, 5, 6, 7];
    for await (const _ of inLanes(lanes, items, work)) break;
    expect(begun).toEqual([1, 2, 3, 4]);
    begun.length = 0;
    for await (const count of inLanes(lanes.slice(1), items, work)) expect(begun).toHaveLength(count);
    expect(begun).toEqual(items);
  });

  it('throws an error when it is its turn, after what is under way has ended', async () => {
    const ended: number[] = [];
    const work = async (_: Transaction, item: number) => {
      await Promise.resolve();
      if (item === 2) throw new Error('item 2 failed');
      ended.push(item);
      return item;
    };
    const yielded: number[] = [];
    const run = async () => {
      for await (const item of inLanes(lanes, [1, 2, 3, 4, 5, 6], work)) yielded.push(item);
    };
    await expect(run()).rejects.toThrow('item 2 failed');
    expect(yielded).toEqual([1]);
    expect(ended).toContain(3);
  });
});
