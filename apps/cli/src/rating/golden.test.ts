import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compareDecimals } from '#domain';
import { describe, expect, it } from 'vitest';
import { rateCase } from './rate-case.js';
import { readCases } from './read-cases.js';

const file = path.resolve(import.meta.dirname, '../../../..', '../shared/golden/rating.json');
const exists = existsSync(file);
const text = exists ? readFileSync(file, 'utf8') : '[]';
const howToGet = exists
  ? ''
  : ' (skipped: put the collected cases at ../shared/golden/rating.json beside this checkout)';

/** Decision 0022 says why. */
const disagreements = new Map([
  ['openmeter:unitconfig_rating:progressive-split-converts-each-endpoint-independently', { theirs: '20', ours: '10' }],
]);

interface Expectation {
  readonly id: string;
  readonly expected_amount: string;
}

describe('rating against published cases of other billing systems', () => {
  const expected = exists ? (JSON.parse(text) as { cases: readonly Expectation[] }).cases : [];
  const amounts = new Map(
    readCases(text).map((read) => [read.id, 'error' in read ? read.error : rateCase(read.rated)]),
  );

  it.skipIf(!exists)(`gives the amount of each of ${exists ? expected.length : 'all'} cases${howToGet}`, () => {
    expect(expected.length).toBeGreaterThanOrEqual(179);
    const wrong = expected
      .filter(({ id }) => !disagreements.has(id))
      .map(({ id, expected_amount }) => ({ id, theirs: expected_amount, ours: amounts.get(id)! }))
      .filter(({ theirs, ours }) => compareDecimals(ours, theirs) !== 0);
    expect(wrong).toEqual([]);
  });

  it.skipIf(!exists)(`differs in what a decision explains, and in nothing else${howToGet}`, () => {
    for (const [id, { theirs, ours }] of disagreements) {
      expect(expected.find((one) => one.id === id)?.expected_amount).toBe(theirs);
      expect(amounts.get(id)).toBe(ours);
    }
  });
});
