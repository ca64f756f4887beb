import { expect, it } from 'vitest';
import { retirementStep } from './retirement.js';

const step = (now: string, noticedDays: number | null = null) =>
  retirementStep({ retireOn: '2027-03-31', noticedDays }, new Date(now));

it('is told of a week and a day before, and is over from the first moment of the day on', () => {
  expect(step('2027-03-23T23:59:59.999Z')).toBeNull();
  expect(step('2027-03-24T00:00:00Z')).toBe(7);
  expect(step('2027-03-30T00:00:00Z')).toBe(1);
  expect(step('2027-03-30T23:59:59.999Z', 1)).toBeNull();
  expect(step('2027-03-31T00:00:00Z', 1)).toBe('retire');
  expect(step('2028-01-01T00:00:00Z')).toBe('retire');
});

it('is told of once for each, and a notice that was missed is not made up for', () => {
  expect(step('2027-03-25T00:00:00Z', 7)).toBeNull();
  expect(step('2027-03-30T12:00:00Z', 7)).toBe(1);
  expect(step('2027-03-30T12:00:00Z')).toBe(1);
});
