import { expect, it } from 'vitest';
import { tagIn, toEtag } from './entity-tag.js';

it('reads the tag that it wrote, and * as any', () => {
  expect(tagIn(toEtag('abc'))).toBe('abc');
  expect(tagIn(' * ')).toBeNull();
});

it.each(['abc', 'W/"abc"', '"a", "b"', ''])('refuses %s, which is not one strong tag', (value) => {
  expect(() => tagIn(value)).toThrow(expect.objectContaining({ code: 'if_match_malformed' }));
});

it('asks for a tag where there is none', () => {
  expect(() => tagIn(undefined)).toThrow(expect.objectContaining({ code: 'if_match_needed' }));
});
