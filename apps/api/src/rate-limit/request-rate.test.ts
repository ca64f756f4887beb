import { describe, expect, it } from 'vitest';
import { RequestRate } from './request-rate.js';

describe('the rate of requests', () => {
  it('lets as many through at once as in a minute, and then one after the other', () => {
    const rate = new RequestRate({ perMinute: 6 });
    const first = Array.from({ length: 6 }, () => rate.take('a', 0));
    expect(first.map(({ remaining }) => remaining)).toEqual([5, 4, 3, 2, 1, 0]);
    expect(first.every(({ retryAfterSeconds }) => retryAfterSeconds === 0)).toBe(true);
    expect(rate.take('a', 0)).toEqual({ retryAfterSeconds: 10, remaining: 0, resetSeconds: 60 });
    expect(rate.take('a', 9_999).retryAfterSeconds).toBe(1);
    expect(rate.take('a', 10_000).retryAfterSeconds).toBe(0);
    expect(rate.take('b', 10_000).remaining).toBe(5);
    expect(rate.take('a', 120_000).remaining).toBe(5);
  });

  it('counts all of a batch, or none of it', () => {
    const rate = new RequestRate({ perMinute: 6 });
    expect(rate.take('a', 0, 4).remaining).toBe(2);
    expect(rate.take('a', 0, 3)).toMatchObject({ retryAfterSeconds: 10, remaining: 2 });
    expect(rate.take('a', 0, 2)).toMatchObject({ retryAfterSeconds: 0, remaining: 0 });
  });

  it('remembers only so many callers', () => {
    const rate = new RequestRate({ perMinute: 1, maxCallers: 2 });
    for (const caller of ['a', 'b', 'c']) rate.take(caller, 0);
    expect(rate.take('c', 0).retryAfterSeconds).toBe(60);
    expect(rate.take('b', 0).retryAfterSeconds).toBe(60);
    expect(rate.take('a', 0).retryAfterSeconds).toBe(0);
  });
});
