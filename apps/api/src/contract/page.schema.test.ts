import { expect, it } from 'vitest';
import { z } from 'zod';
import { placeOf, placeText } from './page.schema.js';
import { readPage } from './read-page.js';

const place = placeOf(z.tuple([z.coerce.number<string>().int(), z.string().min(1)]), 2);

it('reads the place that it wrote, whatever its last part holds', () => {
  expect(place.parse(placeText(3, 'atlas'))).toEqual([3, 'atlas']);
  expect(place.parse(placeText(3, 'get~it'))).toEqual([3, 'get~it']);
  expect(placeText(new Date('2026-11-01T00:00:00Z'), 'x')).toBe('2026-11-01T00:00:00.000Z~x');
});

it.each(['', '3', '3~', 'x~atlas', 'atlas'])('refuses the place "%s", which no page gave', (text) => {
  expect(place.safeParse(text).error?.issues).toMatchObject([
    { message: 'expected what the page before gave as next' },
  ]);
});

it.each([
  [2, [1, 2], 2],
  [3, [1, 2, 3], null],
  [4, [1, 2, 3], null],
])('tells with a page of %i of three whether there is more', async (limit, rows, last) => {
  const read = async (most: number) => [1, 2, 3].slice(0, most);
  expect(await readPage(limit, read)).toEqual({ rows, last });
});
