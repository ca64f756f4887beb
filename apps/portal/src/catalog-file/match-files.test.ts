import { expect, it } from 'vitest';
import { matchFiles } from './match-files.js';

it('finds chosen files by the last part of the names that the file has for them, and says which it does not name', () => {
  const [tides, start, other] = [{ name: 'tides.yaml' }, { name: 'start.md' }, { name: 'other.yaml' }];
  expect(matchFiles(['docs/tides.yaml', 'start.md', 'missing.md'], [start, tides, other])).toEqual({
    matches: [
      ['docs/tides.yaml', tides],
      ['start.md', start],
    ],
    others: [other],
  });
});
