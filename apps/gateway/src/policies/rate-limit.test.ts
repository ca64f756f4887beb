import { describe, expect, it } from 'vitest';
import { LocalWindow } from '../../../../libs/limits/src/rate-limit/local-window.js';
import type { Exchange } from '../exchange.js';
import { RateLimit } from './rate-limit.js';

const WINDOW_MS = 60_000;
const startMs = Date.parse('2026-11-22T12:00:00Z');

/** A limit of one call a minute for each value of a header. */
function aLimit() {
  const rule = { algorithm: 'sliding_window', limit: 1, windowMs: WINDOW_MS, burst: 1 } as const;
  const limit = new RateLimit('tenants', { scope: 'header', header: 'x-tenant' }, () => new LocalWindow(rule));
  const call = (tenant: string, nowMs = startMs) =>
    limit.windowOf({ head: { rawHeaders: ['X-Tenant', tenant] } } as unknown as Exchange).tryTake(nowMs);
  return { limit, call };
}

describe('a rate limit for each value of a header', () => {
  it('has windows for ten thousand values at a time; further ones share one', () => {
    const { limit, call } = aLimit();
    const first = Array.from({ length: 10_000 }, (_, number) => call(`tenant-${number}`));
    expect(first.filter((verdict) => verdict !== 'taken')).toEqual([]);
    expect([call('one more'), call('and another'), call('tenant-9999')]).toEqual(['taken', 'full', 'full']);

    const laterMs = startMs + WINDOW_MS;
    expect([call('tenant-0', laterMs), call('one more', laterMs), call('and another', laterMs)]).toEqual([
      'taken',
      'taken',
      'full',
    ]);
    limit.sweep(laterMs);
    expect([call('one more', laterMs), call('and another', laterMs), call('tenant-0', laterMs)]).toEqual([
      'taken',
      'taken',
      'full',
    ]);
  });
});
