import { expect, it } from 'vitest';
import { laterBy, utcInputValue, utcInstantOf } from './utc-input.js';

it('reads and writes fields in UTC', () => {
  expect(utcInputValue(new Date('2026-11-22T13:03:59Z'))).toBe('2026-11-22T13:03');
  expect(utcInstantOf('2026-11-22T13:03')).toBe('2026-11-22T13:03:00.000Z');
  expect(utcInstantOf('2026-11-22')).toBe('2026-11-22T00:00:00.000Z');
  expect(['', 'soon', '2026-11', '2026-13-01'].map(utcInstantOf)).toEqual([null, null, null, null]);
});

it('stays within the month that it moves to', () => {
  expect(laterBy(new Date('2026-01-31T10:00:00Z'), { months: 1 }).toISOString()).toBe('2026-02-28T10:00:00.000Z');
  expect(laterBy(new Date('2026-12-08T10:00:00Z'), { months: 1 }).toISOString()).toBe('2027-01-08T10:00:00.000Z');
  expect(laterBy(new Date('2026-12-31T23:30:00Z'), { hours: 1 }).toISOString()).toBe('2027-01-01T00:30:00.000Z');
});
