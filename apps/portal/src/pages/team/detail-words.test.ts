import { expect, it } from 'vitest';
import { detailWords, plainWords } from './detail-words.js';

it('says the details of a change in one line, and nothing for what is not there', () => {
  expect(detailWords({ from: 'developer', to: 'admin' })).toBe('from: developer, to: admin');
  expect(detailWords({ tokenId: 'abc', limits: [1, 2], reason: null })).toBe('token id: abc, limits: [1,2]');
  expect(detailWords({})).toBe('');
});

it('writes the names of the database in words', () => {
  expect(plainWords('invoice past_due')).toBe('invoice past due');
});
