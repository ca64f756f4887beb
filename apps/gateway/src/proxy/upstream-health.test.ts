import type { CircuitBreakerPolicy } from '#domain';
import { describe, expect, it } from 'vitest';
import { UpstreamHealth } from './upstream-health.js';

const policy: CircuitBreakerPolicy = { consecutiveFailures: 3, openMs: 1_000, maxConcurrent: null };
const fail = (health: UpstreamHealth, times: number, nowMs: number) => {
  for (let count = 0; count < times; count++) health.failed(policy, nowMs);
};

describe('a circuit', () => {
  it('opens after so many failures in a row, and a success begins the row again', () => {
    const health = new UpstreamHealth();
    fail(health, 2, 0);
    health.succeeded();
    fail(health, 2, 0);
    expect(health.tryEnter(policy, 0)).toBe(0);
    fail(health, 1, 0);
    expect(health.tryEnter(policy, 0)).toBe(1_000);
    expect(health.tryEnter(policy, 999)).toBe(1);
  });

  it('lets one request try when its time is over, and closes when that succeeds', () => {
    const health = new UpstreamHealth();
    fail(health, 3, 0);
    expect(health.tryEnter(policy, 1_000)).toBe(0);
    expect(health.tryEnter(policy, 1_000)).toBeGreaterThan(0);
    health.succeeded();
    expect(health.tryEnter(policy, 1_000)).toBe(0);
    expect(health.tryEnter(policy, 1_000)).toBe(0);
  });

  it('lets another one try when the first is not heard of for as long as it was open', () => {
    const health = new UpstreamHealth();
    fail(health, 3, 0);
    expect(health.tryEnter(policy, 1_000)).toBe(0);
    expect(health.tryEnter(policy, 1_999)).toBe(1);
    expect(health.tryEnter(policy, 2_000)).toBe(0);
  });

  it('opens for longer each time that the try fails, up to ten times as long', () => {
    const health = new UpstreamHealth();
    fail(health, 3, 0);
    let nowMs = 0;
    const rests: number[] = [];
    for (let round = 0; round < 12; round++) {
      const restMs = health.tryEnter(policy, nowMs);
      rests.push(restMs);
      nowMs += restMs;
      expect(health.tryEnter(policy, nowMs)).toBe(0);
      health.failed(policy, nowMs);
    }
    expect(rests).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10].map((times) => times * 1_000));
  });

  it('is not opened again by requests that were under way when it opened', () => {
    const health = new UpstreamHealth();
    fail(health, 3, 0);
    fail(health, 50, 500);
    expect(health.tryEnter(policy, 500)).toBe(500);
  });

  it('lets another try when the first one told nothing', () => {
    const health = new UpstreamHealth();
    fail(health, 3, 0);
    expect(health.tryEnter(policy, 1_000)).toBe(0);
    health.saidNothing();
    expect(health.tryEnter(policy, 1_000)).toBe(0);
  });

  it('bounds the requests at once', () => {
    const health = new UpstreamHealth();
    const bounded = { ...policy, maxConcurrent: 2 };
    health.began(false);
    health.began(false);
    expect(health.tryEnter(bounded, 0)).toBeGreaterThan(0);
    health.ended(false);
    expect(health.tryEnter(bounded, 0)).toBe(0);
  });
});

describe('the budget for repeats', () => {
  it('is a share of what is under way, and never less than three', () => {
    const health = new UpstreamHealth();
    const begin = (count: number, isRepeat: boolean) => {
      for (; count > 0; count--) health.began(isRepeat);
    };
    begin(2, true);
    expect(health.mayRepeat(20)).toBe(true);
    begin(1, true);
    expect(health.mayRepeat(20)).toBe(false);
    begin(97, false);
    expect(health.mayRepeat(20)).toBe(true);
    begin(18, true);
    expect(health.mayRepeat(15)).toBe(false);
  });
});
