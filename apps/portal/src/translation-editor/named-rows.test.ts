import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namedRows, namedWords } from './named-rows.js';

const value = fc.oneof(fc.string(), fc.integer(), fc.record({ query: fc.string() }));

describe('values by names, as rows', () => {
  it('say the same as the file, whatever the names are', () => {
    const rows = fc.uniqueArray(fc.record({ name: fc.oneof(fc.string(), fc.constant('__proto__')), value }), {
      selector: ({ name }) => name,
    });
    fc.assert(
      fc.property(rows, (before) => {
        const words = namedWords(before);
        expect(namedWords(namedRows(words))).toEqual(words);
      }),
    );
  });

  it('are nothing without a row, and the last of two with one name', () => {
    expect(namedRows(undefined)).toEqual([]);
    expect(namedWords([])).toBeUndefined();
    expect(
      namedWords([
        { name: 'id', value: 'path.id' },
        { name: 'id', value: 'query.id' },
      ]),
    ).toEqual({ id: 'query.id' });
  });
});
