import type { HealthCheckPolicy } from '#domain';
import { createLogger } from '#observability';
import type { Dispatcher } from 'undici';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { UpstreamEntry } from '../../snapshot/catalog.js';
import type { UpstreamDispatch } from '../upstream-dispatcher.js';
import { HealthChecks } from './health-checks.js';

const policy: HealthCheckPolicy = {
  path: '/healthz',
  intervalSeconds: 10,
  timeoutSeconds: 2,
  healthyAfter: 2,
  unhealthyAfter: 3,
};
const targetAt = (origin: string, healthCheck: HealthCheckPolicy | null = policy) =>
  ({ origin, protocol: 'http1', connectTo: null, connectTimeoutMs: 1_000, tls: null, healthCheck }) as UpstreamEntry;
const [one, other] = [targetAt('http://10.0.0.1'), targetAt('http://10.0.0.2')];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Answers each question with this status, with an error, or not at all. */
function checksOf(answer: (origin: string) => number | Error | null) {
  const asked: { origin: string; atMs: number; request: UpstreamDispatch }[] = [];
  const aborted: string[] = [];
  const poolOf = ({ origin }: UpstreamEntry) => ({
    dispatch: (request: UpstreamDispatch, handler: Dispatcher.DispatchHandler) => {
      asked.push({ origin, atMs: performance.now(), request });
      const controller = { abort: () => aborted.push(origin) } as never;
      const verdict = answer(origin);
      if (verdict instanceof Error) return handler.onResponseError?.(controller, verdict);
      handler.onRequestStart?.(controller, null);
      if (verdict !== null) handler.onResponseStart?.(controller, verdict, {}, '');
    },
    close: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  });
  const checks = new HealthChecks({ poolOf }, createLogger({ name: 'test', level: 'silent' }), () => 0.5);
  checks.start();
  const waits = (origin: string) => {
    const times = asked.filter((each) => each.origin === origin).map(({ atMs }) => atMs);
    return times.slice(1).map((time, index) => time - times[index]!);
  };
  const isHealthy = (target: UpstreamEntry) => checks.waitMs(target, performance.now()) === 0;
  return { checks, asked, aborted, waits, isHealthy };
}

describe('health checks', () => {
  it('take a target out after so many bad answers in a row, and back after so many good ones', async () => {
    let status = 200;
    const { checks, asked, waits, isHealthy } = checksOf((origin) => (origin === one.origin ? status : 204));
    checks.keepOnly([one, other]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toHaveLength(2);
    expect(asked[0]!.request).toMatchObject({ path: '/healthz', method: 'GET' });
    expect(asked[0]!.request.headers).toEqual(['accept', '*/*', 'user-agent', 'tollgate-health-check']);
    status = 500;
    await vi.advanceTimersByTimeAsync(20_000);
    status = 200;
    await vi.advanceTimersByTimeAsync(10_000);
    status = 404;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(isHealthy(one)).toBe(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(isHealthy(one)).toBe(false);
    expect(isHealthy(other)).toBe(true);
    expect(checks.waitMs(one, performance.now())).toBeLessThanOrEqual(10_000);
    status = 200;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(isHealthy(one)).toBe(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(isHealthy(one)).toBe(true);
    expect(new Set(waits(one.origin))).toEqual(new Set([10_000]));
    checks.stop();
  });

  it('count no answer in time and no connection as bad ones, and give up what has not answered', async () => {
    const refused = targetAt('http://10.0.0.3');
    const { checks, aborted, waits, isHealthy } = checksOf((origin) =>
      origin === one.origin ? null : new Error('refused'),
    );
    checks.keepOnly([one, refused]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect([isHealthy(one), isHealthy(refused)]).toEqual([false, false]);
    expect(aborted).toEqual([one.origin, one.origin, one.origin]);
    expect(new Set(waits(one.origin))).toEqual(new Set([10_000]));
    checks.stop();
  });

  it('take the statuses that they are told to', async () => {
    const picky = { ...policy, expectedStatuses: [401, 404], unhealthyAfter: 1 };
    const [wanted, wrong] = [targetAt('http://10.0.0.1', picky), targetAt('http://10.0.0.2', picky)];
    const { checks, isHealthy } = checksOf((origin) => (origin === wanted.origin ? 401 : 200));
    checks.keepOnly([wanted, wrong]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([isHealthy(wanted), isHealthy(wrong)]).toEqual([true, false]);
    checks.stop();
  });

  it('go on for the same place in a newer catalogue, once for all that are equal, and end for what is gone', async () => {
    const { checks, asked, isHealthy } = checksOf(() => 500);
    checks.keepOnly([one, other, targetAt('http://10.0.0.9', null)]);
    await vi.advanceTimersByTimeAsync(21_000);
    expect(asked).toHaveLength(6);
    const [again, twin] = [targetAt(one.origin), targetAt(one.origin)];
    checks.keepOnly([again, twin]);
    expect(checks.size).toBe(1);
    expect([isHealthy(again), isHealthy(twin), isHealthy(targetAt(one.origin))]).toEqual([false, false, true]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.slice(6).map(({ origin }) => origin)).toEqual([one.origin]);
    checks.stop();
    expect(vi.getTimerCount()).toBe(0);
    checks.keepOnly([one]);
    expect(checks.size).toBe(0);
  });

  it('are at most a thousand', () => {
    const { checks, isHealthy } = checksOf(() => 500);
    const many = Array.from({ length: 1_003 }, (_, index) => targetAt(`http://10.0.${index >> 8}.${index & 255}`));
    checks.keepOnly(many);
    expect({ size: checks.size, unchecked: checks.unchecked }).toEqual({ size: 1_000, unchecked: 3 });
    expect(isHealthy(many.at(-1)!)).toBe(true);
    checks.keepOnly(many.slice(-2));
    expect({ size: checks.size, unchecked: checks.unchecked }).toEqual({ size: 2, unchecked: 0 });
    checks.stop();
  });
});
