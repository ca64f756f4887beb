import { describe, expect, it } from 'vitest';
import { freshnessOf } from './freshness.js';
import { ResponseCache } from './response-cache.js';
import { type RequestFields, varyingOf } from './vary.js';

const request = (name = '', value = ''): RequestFields => {
  const valueOf = (lowerCaseName: string) => (lowerCaseName === name.toLowerCase() ? value : null);
  return { valueOf, passedOf: valueOf };
};
const freshness = freshnessOf({ 'cache-control': 'max-age=60' }, null, { requestedAtMs: 0, receivedAtMs: 0 })!;
const answer = (body: string, vary = '') => ({ status: 200, headers: { vary }, body: Buffer.from(body) });

function put(cache: ResponseCache, address: string, scope: string, body: string, vary = '', head = request()): void {
  const varying = varyingOf({ vary }, head);
  if (varying === 'any') throw new Error(varying);
  cache.put({ address, scope }, answer(body, vary), freshness, { passed: varying.passed, authorization: null }, head);
}

const bodyAt = (cache: ResponseCache, address: string, scope: string, head = request()) =>
  cache.find({ address, scope }, head)?.answer.body.toString() ?? null;

describe('the response cache', () => {
  it('keeps an answer for each address and scope', () => {
    const cache = new ResponseCache(100_000);
    put(cache, '/a', 'ada', 'one');
    put(cache, '/a', 'grace', 'two');
    expect(bodyAt(cache, '/a', 'ada')).toBe('one');
    expect(bodyAt(cache, '/a', 'grace')).toBe('two');
    expect(bodyAt(cache, '/a', 'joan')).toBe(null);
    expect(bodyAt(cache, '/b', 'ada')).toBe(null);
  });

  it('keeps an answer for each value of the fields that it depends on', () => {
    const cache = new ResponseCache(100_000);
    const german = request('Accept-Language', 'de');
    put(cache, '/a', 'all', 'hallo', 'Accept-Language', german);
    put(cache, '/a', 'all', 'hello', 'Accept-Language', request());
    expect(bodyAt(cache, '/a', 'all', german)).toBe('hallo');
    expect(bodyAt(cache, '/a', 'all')).toBe('hello');
    expect(bodyAt(cache, '/a', 'all', request('accept-language', 'fr'))).toBe(null);
    put(cache, '/a', 'all', 'servus', 'Accept-Language', german);
    expect(bodyAt(cache, '/a', 'all', german)).toBe('servus');
  });

  it('forgets what was used longest ago when it is full, and counts what it holds', () => {
    const cache = new ResponseCache(10_000);
    for (const address of ['/a', '/b', '/c']) put(cache, address, 'all', 'x'.repeat(2_000));
    expect(cache.bytes).toBeLessThanOrEqual(10_000);
    bodyAt(cache, '/a', 'all');
    put(cache, '/d', 'all', 'x'.repeat(2_000));
    expect(['/a', '/b', '/c', '/d'].map((address) => bodyAt(cache, address, 'all') !== null)).toEqual([
      true,
      false,
      true,
      true,
    ]);
    put(cache, '/e', 'all', 'x'.repeat(20_000));
    expect(bodyAt(cache, '/e', 'all')).toBe(null);
    for (const address of ['/a', '/b', '/c', '/d']) cache.invalidate(address);
    expect(cache.bytes).toBe(0);
  });

  it('forgets an address in every scope', () => {
    const cache = new ResponseCache(100_000);
    put(cache, '/a', 'ada', 'one');
    put(cache, '/a', 'grace', 'two');
    put(cache, '/b', 'ada', 'three');
    cache.invalidate('/a');
    expect([bodyAt(cache, '/a', 'ada'), bodyAt(cache, '/a', 'grace'), bodyAt(cache, '/b', 'ada')]).toEqual([
      null,
      null,
      'three',
    ]);
  });

  it('knows what has changed since something was asked for, however much else has', () => {
    const cache = new ResponseCache(100_000);
    const place = (address: string) => ({ address, scope: 'all' });
    const before = cache.changes;
    cache.invalidate('/a');
    expect([cache.hasChanged(place('/a'), before), cache.hasChanged(place('/b'), before)]).toEqual([true, false]);
    expect(cache.hasChanged(place('/a'), cache.changes)).toBe(false);
    for (let index = 0; index < 10_000; index++) cache.invalidate(`/other/${index}`);
    expect([cache.hasChanged(place('/a'), before), cache.hasChanged(place('/b'), before)]).toEqual([true, false]);
    cache.purge(null);
    expect([cache.hasChanged(place('/b'), before), cache.hasChanged(place('/b'), cache.changes)]).toEqual([
      true,
      false,
    ]);
  });

  it('gives to no other consumer, or to nobody, what depends on what the gateway says', () => {
    expect(varyingOf({ vary: 'Accept, X-Consumer-Plan' }, request('Accept', 'a/b'))).toEqual({
      isForConsumer: true,
      passed: [
        ['accept', 'a/b'],
        ['x-consumer-plan', null],
      ],
    });
    expect(varyingOf({ vary: 'X-Forwarded-For' }, request())).toBe('any');
    expect(varyingOf({ vary: 'Accept, *' }, request())).toBe('any');
  });
});
