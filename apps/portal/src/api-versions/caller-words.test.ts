import { expect, it } from 'vitest';
import type { ApiVersionCaller } from '../api/types.js';
import { breakingWords, callersWords, notifyLabel, operationWords, organizationCountOf } from './caller-words.js';

function caller(name: string, organizationId = 'one', breakingOperations: string[] = []): ApiVersionCaller {
  return {
    organization: { id: organizationId, name: organizationId },
    application: { id: name, name },
    calls: 1,
    operationCount: 1,
    breakingOperations,
    lastAt: '2026-11-22T00:00:00.000Z',
  };
}

it('says who calls, naming the first few', () => {
  expect(callersWords([])).toBe('No application has called it in the last 90 days.');
  expect(callersWords([caller('Trips')])).toBe('1 application of 1 organization called it in the last 90 days: Trips.');
  expect(callersWords([caller('Trips'), caller('Maps', 'two')])).toBe(
    '2 applications of 2 organizations called it in the last 90 days: Trips and Maps.',
  );
  expect(callersWords(['A', 'B', 'C', 'D', 'E'].map((name) => caller(name)))).toBe(
    '5 applications of 1 organization called it in the last 90 days: A, B, C and 2 more.',
  );
});

it('counts organizations once', () => {
  expect(organizationCountOf([caller('A'), caller('B'), caller('C', 'two')])).toBe(2);
  expect(notifyLabel(1)).toBe('Write to the organization that called it');
  expect(notifyLabel(1200)).toBe('Write to the 1,200 organizations that called it');
});

it('says who has to change code to move on', () => {
  const [busy, idle] = [caller('A', 'one', ['getCity']), caller('B')];
  expect(breakingWords({ latest: null, callers: [busy] })).toBeNull();
  expect(breakingWords({ latest: 'v2', callers: [] })).toBeNull();
  expect(breakingWords({ latest: 'v2', callers: [idle, idle] })).toBe('Nothing that they call breaks in v2.');
  expect(breakingWords({ latest: 'v2', callers: [busy] })).toBe('It calls what breaks in v2.');
  expect(breakingWords({ latest: 'v2', callers: [busy, idle] })).toBe('1 of them calls what breaks in v2.');
  expect(breakingWords({ latest: 'v2', callers: [busy, busy, idle] })).toBe('2 of them call what breaks in v2.');
  expect(operationWords(['a', 'b', 'c'])).toBe('a, b, c');
  expect(operationWords(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
});
