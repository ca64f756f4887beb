import { expect, it } from 'vitest';
import { policyFacts } from './policy-facts.js';

const linesOf = (words: Parameters<typeof policyFacts>[0]) =>
  policyFacts(words).map(({ label, value }) => `${label}: ${value}`);

it('says in a line what each section does by itself', () => {
  expect(
    linesOf({
      authentication: { keys: { bearer: false, queryParameter: 'key' }, mtls: { isRequired: true } },
      cors: { allowOrigins: ['*'] },
      sizes: {},
      transport: {},
      validation: { mode: 'report', body: false },
      mock: {},
    }),
  ).toEqual([
    'How callers say who they are: API keys in x-api-key, Basic, ?key=, client certificates, which are required',
    'Pages that may read answers: All',
    'Largest request body: 10,485,760 bytes',
    'HTTPS only: Plain HTTP is refused',
    'Checked against the document: parameters, only counted',
    'Answered from the document: Calls with test keys',
  ]);
});

it('names four of a long list', () => {
  expect(linesOf({ addresses: { deny: ['1', '2', '3', '4', '5', '6'] } })).toEqual([
    'Network addresses: not 1, 2, 3, 4 and 2 more',
  ]);
});

it('says nothing of what is off, nor of sections that it does not know', () => {
  expect(policyFacts({ later: {} } as object)).toEqual([]);
});
