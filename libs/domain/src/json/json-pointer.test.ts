import { describe, expect, it } from 'vitest';
import { readJsonPointer, valueAtPointer } from './json-pointer.js';

/** The document and the table of RFC 6901 §5. */
const document = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
};

describe('a JSON pointer', () => {
  it.each([
    ['', document],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('%j finds what RFC 6901 says', (text, expected) => {
    expect(valueAtPointer(document, readJsonPointer(text)!)).toEqual(expected);
  });

  it.each(['/foo/2', '/foo/00', '/foo/-', '/bar', '/foo/0/x', '/constructor', '/foo/length'])(
    '%j finds nothing',
    (text) => {
      expect(valueAtPointer(document, readJsonPointer(text)!)).toBeUndefined();
    },
  );

  it.each(['foo', '/a~2', '/a~', '#/foo'])('is not %j', (text) => {
    expect(readJsonPointer(text)).toBeNull();
  });
});
