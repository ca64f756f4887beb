import { expect, it } from 'vitest';
import { statusTone, statusWords } from './status-words.js';

it.each([
  ['operational', 'operational', 'All systems operational', 'positive'],
  ['operational', 'degraded', 'Usage shows later than usual', 'warning'],
  ['degraded', 'operational', 'Some calls may fail', 'warning'],
  ['down', 'degraded', 'Calls are not answered', 'danger'],
] as const)('calls %s and usage %s are "%s"', (calls, usage, words, tone) => {
  expect(statusWords({ calls, usage })).toBe(words);
  expect(statusTone({ calls, usage })).toBe(tone);
});
