import { describe, expect, it } from 'vitest';
import { cleanText, cleanTree } from './clean-text.js';

describe('text for models', () => {
  it.each([
    ['controls', 'a\u0000b\u001b[31mc\u0085d', 'ab[31mcd'],
    ['marks of direction', 'safe\u202egnp.exe\u2066', 'safegnp.exe'],
    ['tag letters that spell words', `hi${String.fromCodePoint(0xe006f, 0xe0062, 0xe0065, 0xe0079)}`, 'hi'],
    ['spaces without width', 'a\u200bb\u2060c\ufeffd', 'abcd'],
    ['halves of pairs', 'a\ud800b', 'ab'],
    ['rows of joiners', 'a\u200d\u200c\u200db', 'ab'],
  ])('has no %s', (_what, text, shown) => {
    expect(cleanText(text, 100)).toBe(shown);
  });

  it('keeps what people see: lines, other scripts, pictures that are joined', () => {
    const text = 'Zeile\n\tÄ שלום می‌خواهم 👩‍👩‍👧 €';
    expect(cleanText(text, 100)).toBe(text);
  });

  it('is cut between characters', () => {
    expect(cleanText('abcdef', 4)).toBe('abc…');
    expect(cleanText('ab😀cd', 4)).toBe('ab…');
  });
});

it('cleans every text and name of a tree, within bounds', () => {
  const deep = { a: [1n, new Date(0), { ['na\u200bme']: 'x\u202e', none: undefined }] };
  expect(cleanTree(deep)).toEqual({ a: ['1', '1970-01-01T00:00:00.000Z', { name: 'x' }] });
  expect(cleanTree([1, 2, 3], { maxText: 5, maxItems: 2, maxDepth: 3 })).toEqual([1, 2]);
  expect(cleanTree([[[['x']]]], { maxText: 5, maxItems: 2, maxDepth: 1 })).toEqual([['…']]);
});
