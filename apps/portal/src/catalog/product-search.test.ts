import { describe, expect, it } from 'vitest';
import { searchProducts, tagsOf } from './product-search.js';

const product = (slug: string, rest: { summary?: string; tags?: string[]; apis?: string[] } = {}) => ({
  slug,
  title: slug.toUpperCase(),
  summary: rest.summary ?? '',
  description: '',
  tags: rest.tags ?? [],
  publisher: { name: 'Analytical Engines' },
  apis: (rest.apis ?? []).map((title) => ({ title })),
});
const products = [
  product('atlas', { summary: 'Countries and Cafés', tags: ['geo', 'free'] }),
  product('weather', { tags: ['geo'], apis: ['Forecasts'] }),
  product('mail'),
];
const found = (text: string, tag?: string) => searchProducts(products, { text, tag }).map(({ slug }) => slug);

describe('searching products', () => {
  it.each([
    ['', ['atlas', 'weather', 'mail']],
    ['  ', ['atlas', 'weather', 'mail']],
    ['ATL', ['atlas']],
    ['cafe countries', ['atlas']],
    ['countries forecasts', []],
    ['forecast', ['weather']],
    ['analytical', ['atlas', 'weather', 'mail']],
    ['free', ['atlas']],
    ['.*', []],
  ])('finds by "%s"', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('keeps to a tag, and to nothing for one that nobody has', () => {
    expect(found('', 'geo')).toEqual(['atlas', 'weather']);
    expect(found('forecasts', 'geo')).toEqual(['weather']);
    expect(found('', 'toString')).toEqual([]);
  });
});

it('has the tags of most products first', () => {
  expect(tagsOf(products)).toEqual(['geo', 'free']);
  expect(tagsOf([])).toEqual([]);
});
