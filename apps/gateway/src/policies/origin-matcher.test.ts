import { describe, expect, it } from 'vitest';
import { OriginMatcher } from './origin-matcher.js';

describe('origins', () => {
  const matcher = new OriginMatcher(['https://app.example.com', 'https://*.example.org:8443']);

  it.each(['https://app.example.com', 'HTTPS://App.Example.com', 'https://a.example.org:8443'])(
    'match %s',
    (origin) => {
      expect(matcher.matches(origin)).toBe(true);
    },
  );

  it.each([
    'http://app.example.com',
    'https://app.example.com:444',
    'https://app.example.com.evil.test',
    'https://example.org:8443',
    'https://.example.org:8443',
    'https://a.b.example.org:8443',
    'https://evil.test/.example.org:8443',
    'https://evil.test?.example.org:8443',
    'https://user@a.example.org:8443',
    'https://a.example.org',
    'null',
    '',
  ])('do not match %j', (origin) => {
    expect(matcher.matches(origin)).toBe(false);
  });

  it('match everything when one is "*"', () => {
    expect(new OriginMatcher(['*']).matches('null')).toBe(true);
    expect(new OriginMatcher(['*']).isAny).toBe(true);
  });
});
