import { expect, it } from 'vitest';
import { hasFailed, isSettled, whileOnFirstPage } from './query-state.js';

it('remembers a failure while the next try runs, and forgets it with the first data', () => {
  expect(hasFailed({ data: undefined, errorUpdateCount: 0 })).toBe(false);
  expect(hasFailed({ data: undefined, errorUpdateCount: 2 })).toBe(true);
  expect(hasFailed({ data: [], errorUpdateCount: 2 })).toBe(false);
});

it('is settled by data or by a failure', () => {
  expect(isSettled({ data: undefined, errorUpdateCount: 0 })).toBe(false);
  expect(isSettled({ data: undefined, errorUpdateCount: 1 })).toBe(true);
  expect(isSettled({ data: null, errorUpdateCount: 0 })).toBe(true);
});

it('renews a list until someone has gone on in it', () => {
  const next = (pages?: readonly unknown[]) => whileOnFirstPage(2000)({ state: { data: pages && { pages } } });
  expect([next(), next([1]), next([1, 2])]).toEqual([2000, 2000, false]);
});
