import { expect, it } from 'vitest';
import { paysWords } from './pays-words.js';

it.each([
  ['card', 0, 'By card'],
  ['transfer', 0, 'By transfer, at once'],
  ['transfer', 1, 'By transfer, 1 day net'],
  ['transfer', 30, 'By transfer, 30 days net'],
] as const)('says how an organization pays: %s, %i', (method, netDays, words) => {
  expect(paysWords({ method, netDays })).toBe(words);
});
