import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalPath } from './canonical-path.js';

describe('the canonical path', () => {
  it.each([
    ['/', '/'],
    ['/a/b', '/a/b'],
    ['/a//b/', '/a//b/'],
    ['/%61%2D%7e', '/a-~'],
    ['/a%2fb', '/a%2Fb'],
    ['/a%5cb', '/a%5Cb'],
    ['/a%252fb', '/a%252fb'],
    ['/caf%c3%a9', '/caf%C3%A9'],
    ['/a/./b/../c', '/a/c'],
    ['/a/%2e%2E/c', '/c'],
    ['/../../etc', '/etc'],
    ['/a/..', '/'],
    ['/a/b/.', '/a/b/'],
    ['/.well-known/x', '/.well-known/x'],
    ['/...', '/...'],
    ['/a%3Fb%23c', '/a%3Fb%23c'],
    ["/a;b=1,2!$&'()*+:@", "/a;b=1,2!$&'()*+:@"],
    ['/{id}|"<>', '/%7Bid%7D%7C%22%3C%3E'],
    ['/a%20b', '/a%20b'],
  ])('of %s is %s', (raw, canonical) => {
    expect(canonicalPath(raw)).toBe(canonical);
  });

  it.each([
    '',
    'a',
    '*',
    '/%',
    '/%4',
    '/%zz',
    '/%00',
    '/%0d%0a',
    '/%7f',
    '/%ff',
    '/%c3',
    '/%c3x%a9',
    '/%ed%a0%80',
    '/a\\b',
    '/é',
    '/a b',
    '/a#b',
    '/a\u0000',
    '/a?b',
  ])('of %j does not exist', (raw) => {
    expect(canonicalPath(raw)).toBeNull();
  });

  it('is the same when it is taken again, and has neither dot segments nor undecoded letters', () => {
    const part = fc.constantFrom(
      '/',
      '.',
      '..',
      '%2e',
      '%2E',
      '%2f',
      '%25',
      '%',
      'a',
      'B',
      '7',
      '%41',
      '%c3%a9',
      '%ff',
      ';',
      '{',
      '~',
      '%7E',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const canonical = canonicalPath(`/${parts.join('')}`);
        if (canonical === null) return;
        expect(canonicalPath(canonical)).toBe(canonical);
        expect(canonical.split('/').some((segment) => segment === '.' || segment === '..')).toBe(false);
        expect(canonical).not.toMatch(/%(2[DdEe]|3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff]|7[Ee])/);
        expect(decodeURIComponent(canonical)).toBeTypeOf('string');
      }),
      { numRuns: 5_000 },
    );
  });
});
