import { expect, it } from 'vitest';
import { initialsOf } from './initials.js';

it('takes the first letters of the first and the last word', () => {
  expect(['Ada Lovelace', 'Prince', 'ole j. øksnes', '  ', '(Bob) “Rob” Smith'].map(initialsOf)).toEqual([
    'AL',
    'P',
    'OØ',
    '?',
    'BS',
  ]);
});
