import { describe, expect, it } from 'vitest';
import { CacheDirectives } from './cache-control.js';
import { ageMs, freshnessOf, mayStandIn, reuse } from './freshness.js';

const nowMs = Date.UTC(2026, 10, 22, 12);
const timing = { requestedAtMs: nowMs, receivedAtMs: nowMs };
const at = (seconds: number) => new Date(nowMs + seconds * 1000).toUTCString();
const lifetime = (headers: Record<string, string>, ttlMs: number | null = null) =>
  freshnessOf(headers, ttlMs, timing)?.lifetimeMs ?? null;

describe('directives', () => {
  it('are read whatever their case, spaces and quotes', () => {
    const directives = new CacheDirectives('Max-Age = "60", private="a, no-store" ,NO-CACHE');
    expect(directives.seconds('max-age')).toBe(60);
    expect(directives.has('private')).toBe(true);
    expect(directives.has('no-cache')).toBe(true);
    expect(directives.has('no-store')).toBe(false);
  });

  it('that come twice count with the stricter number, and what is no number is 0', () => {
    expect(new CacheDirectives(['max-age=60', 'max-age=5']).seconds('max-age')).toBe(5);
    expect(new CacheDirectives('max-age=5, max-age=60').seconds('max-age')).toBe(5);
    expect(new CacheDirectives('max-age=soon').seconds('max-age')).toBe(0);
    expect(new CacheDirectives('max-age').seconds('max-age')).toBe(0);
    expect(new CacheDirectives('max-age=-1').seconds('max-age')).toBe(0);
  });
});

describe('the lifetime of an answer', () => {
  it.each<[string, Record<string, string>, number | null]>([
    ['is that for shared caches first', { 'cache-control': 'max-age=10, s-maxage=20', expires: at(99) }, 20_000],
    ['is max-age before Expires', { 'cache-control': 'max-age=10', expires: at(99) }, 10_000],
    ['is what lies between Date and Expires', { date: at(-5), expires: at(25) }, 30_000],
    ['is nothing for an Expires that is no date', { expires: '0' }, 0],
    ['is nothing for one in the past', { expires: at(-1) }, 0],
    ['is unknown when nothing says it', { etag: '"a"', 'last-modified': at(-100_000) }, null],
  ])('%s', (_, headers, expected) => {
    expect(lifetime(headers)).toBe(expected);
  });

  it('is the publisher’s own only where the answer says nothing', () => {
    expect(lifetime({}, 7_000)).toBe(7_000);
    expect(lifetime({ 'cache-control': 'max-age=0' }, 7_000)).toBe(0);
  });
});

describe('the age of an answer', () => {
  it('is the greater of what its Date and what its Age say, and grows', () => {
    const late = { requestedAtMs: nowMs - 2_000, receivedAtMs: nowMs };
    const byDate = freshnessOf({ date: at(-30), age: '5', 'cache-control': 'max-age=60' }, null, late)!;
    expect(ageMs(byDate, nowMs + 1_000)).toBe(31_000);
    const byAge = freshnessOf({ date: at(-3), age: '5', 'cache-control': 'max-age=60' }, null, late)!;
    expect(ageMs(byAge, nowMs)).toBe(7_000);
  });
});

describe('an answer that is there', () => {
  const after = (seconds: number, response: string, request = '') =>
    reuse(
      freshnessOf({ 'cache-control': response }, null, timing)!,
      new CacheDirectives(request),
      nowMs + seconds * 1000,
    );

  it.each<[number, string, string, string]>([
    [59, 'max-age=60', '', 'fresh'],
    [60, 'max-age=60', '', 'revalidate'],
    [1, 'max-age=60, no-cache', '', 'revalidate'],
    [1, 'max-age=60, must-revalidate', '', 'fresh'],
    [61, 'max-age=60, must-revalidate, stale-while-revalidate=9', 'max-stale', 'revalidate'],
    [61, 's-maxage=60', 'max-stale', 'revalidate'],
    [1, 'max-age=60', 'no-cache', 'revalidate_as_asked'],
    [10, 'max-age=60', 'max-age=9', 'revalidate_as_asked'],
    [10, 'max-age=60', 'max-age=10', 'fresh'],
    [55, 'max-age=60', 'min-fresh=10', 'revalidate_as_asked'],
    [65, 'max-age=60', 'max-stale', 'stale'],
    [65, 'max-age=60', 'max-stale=5', 'stale'],
    [66, 'max-age=60', 'max-stale=5', 'revalidate'],
    [65, 'max-age=60, stale-while-revalidate=5', '', 'stale_while_revalidate'],
    [66, 'max-age=60, stale-while-revalidate=5', '', 'revalidate'],
  ])('after %i s of "%s" is, when asked with "%s", %s', (seconds, response, request, expected) => {
    expect(after(seconds, response, request)).toBe(expected);
  });

  it('stands in for a failing upstream as long as it says, and never where it must be revalidated', () => {
    const standsIn = (seconds: number, response: string) =>
      mayStandIn(freshnessOf({ 'cache-control': response }, null, timing)!, nowMs + seconds * 1000);
    expect(standsIn(65, 'max-age=60, stale-if-error=5')).toBe(true);
    expect(standsIn(66, 'max-age=60, stale-if-error=5')).toBe(false);
    expect(standsIn(61, 'max-age=60')).toBe(false);
    expect(standsIn(61, 'max-age=60, stale-if-error=5, must-revalidate')).toBe(false);
  });
});
