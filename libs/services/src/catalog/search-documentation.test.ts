import { expect, it } from 'vitest';
import { wordsOf } from './search-documentation.js';

it('takes a search for its words, so that no mark of it can be an operator', () => {
  expect(wordsOf(`GET /countries/{countryCode}`)).toEqual(['get', 'countries', 'country', 'code']);
  expect(wordsOf(`'); DROP -- | & ! :* <-> \\`)).toEqual(['drop']);
  expect(wordsOf('grüße 東京')).toEqual(['grüße', '東京']);
  expect(wordsOf('/ - …')).toEqual([]);
});
