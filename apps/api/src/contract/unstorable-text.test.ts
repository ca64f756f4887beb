import { expect, it } from 'vitest';
import { unstorableTextIn } from './unstorable-text.js';
import { nameInput } from './value.schema.js';

const pathsOf = (value: unknown) => unstorableTextIn(value).map(({ path }) => path.join('.'));

it('finds what the database cannot keep, wherever it is', () => {
  expect(pathsOf({ name: 'a\0b', tags: ['fine', '\ud83d'], terms: { 'k\0': 1, text: 'x' } }).toSorted()).toEqual([
    'name',
    'tags.1',
    'terms',
  ]);
  expect(pathsOf('\0')).toEqual(['']);
  let deep: unknown = '\0';
  for (let level = 0; level < 20_000; level++) deep = [deep];
  expect(unstorableTextIn(deep)).toHaveLength(1);
});

it('has nothing against any other text', () => {
  expect(pathsOf({ name: '👩‍🚀 عائشة\n', at: new Date(), bytes: Buffer.from('\0'), no: null })).toEqual([]);
});

it.each(['Ada', '👩‍🚀', 'عائشة محمد', 'שלום', '株式会社', "O'Neil & Sons, Inc.", 'x'.repeat(120)])(
  'takes the name %s',
  (name) => {
    expect(nameInput.parse(` ${name} `)).toBe(name);
  },
);

it.each(['', '  ', '\u200b', 'a\nb', 'a\u0007', '\u202egro.live', 'a\u2028b', 'x'.repeat(121)])(
  'takes no name %j',
  (name) => {
    expect(nameInput.safeParse(name).success).toBe(false);
  },
);
