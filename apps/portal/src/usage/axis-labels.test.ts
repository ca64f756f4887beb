import { expect, it } from 'vitest';
import { axisLabel, bucketLabel } from './axis-labels.js';

const at = Date.parse('2026-11-22T14:00:00Z') / 1000;

it('labels hours with the time, and midnight with the day', () => {
  expect(axisLabel(at, 3600, 'UTC')).toBe('14:00');
  expect(axisLabel(at + 10 * 3600, 3600, 'UTC')).toBe('Nov 23');
  expect(axisLabel(at, 86_400, 'UTC')).toBe('Nov 22');
});

it('says what a bucket covers', () => {
  expect(bucketLabel(at, 3600, 'UTC')).toBe('Nov 22, 14:00 – 15:00');
  expect(bucketLabel(at, 86_400, 'America/Los_Angeles')).toBe('Nov 22 (UTC)');
});
