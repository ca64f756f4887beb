import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldLineStart, knownFieldName, lowerCaseName } from './field-names.js';

const usual = fc.constantFrom(
  'Host',
  'host',
  'HOST',
  'hOst',
  'X-API-Key',
  'x-api-key',
  'ETag',
  'etag',
  'Date',
  'Via',
  'Age',
);
const name = fc.oneof(usual, fc.string({ minLength: 1 }), fc.constantFrom('Hosts', 'Hos', 'vio', 'VIA', '__proto__'));

describe('a field name that is seen all the time', () => {
  it('is what stands there, wherever that is', () => {
    fc.assert(
      fc.property(fc.string(), name, fc.string(), (before, text, after) => {
        const found = knownFieldName(before + text + after, before.length, before.length + text.length);
        if (found !== null)
          expect(found).toEqual({ name: text, lowerCaseName: text.toLowerCase(), lineStart: `\r\n${text}: ` });
      }),
    );
  });

  it.each(['Host', 'host', 'X-API-Key', 'x-api-key', 'Content-Length', 'ratelimit'])('is found: %s', (text) => {
    expect(knownFieldName(`a: b\r\n${text}: c`, 6, 6 + text.length)?.name).toBe(text);
  });
});

it('is put into lower case as any other', () => {
  fc.assert(
    fc.property(name, (text) => {
      expect(lowerCaseName(text)).toBe(text.toLowerCase());
    }),
  );
});

it.each([
  ['x-y', true],
  ['Host', true],
  ["!#$%&'*+-.^_`|~09azAZ", true],
  ['', false],
  ['a b', false],
  ['a:', false],
  ['a\r\nb', false],
  ['é', false],
])('begins a line if it may: %j, %s', (text, isOne) => {
  expect(fieldLineStart(text)).toBe(isOne ? `\r\n${text}: ` : null);
});
