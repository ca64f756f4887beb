import { expect, it } from 'vitest';
import { detailWords } from './detail-words.js';

it('says the details of a change in one line, and nothing for what is not there', () => {
  expect(detailWords({ from: 'developer', to: 'admin' })).toBe('from: developer, to: admin');
  expect(detailWords({ tokenId: 'abc', limits: [1, 2], reason: null })).toBe('token id: abc, limits: [1,2]');
  expect(detailWords({})).toBe('');
});
