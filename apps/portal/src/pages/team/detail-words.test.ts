import { expect, it } from 'vitest';
import { detailWords, nounWords, plainWords } from './detail-words.js';

it('says the details of a change in one line, and nothing for what is not there', () => {
  expect(detailWords({ from: 'developer', to: 'admin' })).toBe('from: developer, to: admin');
  expect(detailWords({ tokenId: 'abc', limits: [1, 2], reason: null })).toBe('token id: abc, limits: [1,2]');
  expect(detailWords({})).toBe('');
});

it('tells what is known by its name', () => {
  const nameOf = (id: string) => (id === 'a1' ? 'Checkout' : undefined);
  expect(detailWords({ applicationId: 'a1', planVersionId: 'v1' }, nameOf)).toBe(
    'application: Checkout, plan version id: v1',
  );
});

it('calls things as developers do', () => {
  expect(nounWords('credential')).toBe('key');
  expect(nounWords('credit_grant')).toBe('credit grant');
});

it('writes the names of the database in words', () => {
  expect(plainWords('invoice past_due')).toBe('invoice past due');
});
