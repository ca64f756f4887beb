import { expect, it } from 'vitest';
import { isBoardState, isMonth, monthBeside, monthOf, monthWords } from './board-words.js';

it('counts months over the turn of the year, in UTC', () => {
  expect(monthBeside('2026-12', 1)).toBe('2027-01');
  expect(monthBeside('2026-01', -1)).toBe('2025-12');
  expect(monthOf(new Date('2026-10-31T23:59:59Z'), 1)).toBe('2026-11');
  expect(monthWords('2026-11')).toBe('November 2026');
});

it('takes nothing for a month or a state that is none', () => {
  expect(['2026-11', '2026-13', '26-11', ''].map(isMonth)).toEqual([true, false, false, false]);
  expect(['held', 'toString', ''].map(isBoardState)).toEqual([true, false, false]);
});
