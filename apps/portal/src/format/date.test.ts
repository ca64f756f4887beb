import { describe, expect, it } from 'vitest';
import {
  daysUntil,
  formatClock,
  formatDate,
  formatDateTime,
  formatDay,
  formatPeriod,
  formatRelative,
  formatUtc,
} from './date.js';

const instant = new Date('2026-11-22T23:05:09.500Z');

describe('dates', () => {
  it('show the day of the zone, and UTC when asked', () => {
    expect(formatDate(instant, 'UTC')).toBe('Nov 22, 2026');
    expect(formatDate(instant, 'Asia/Tokyo')).toBe('Nov 23, 2026');
    expect(formatDay('2026-11-22')).toBe('Nov 22, 2026');
    expect(formatDateTime(instant, 'UTC')).toBe('Nov 22, 2026, 23:05');
    expect(formatClock(instant, 'UTC')).toBe('23:05:09');
    expect(formatUtc(instant)).toBe('2026-11-22 23:05:09 UTC');
  });

  it('write midnight as 00', () => {
    expect(formatDateTime(new Date('2026-11-22T00:00:00Z'), 'UTC')).toBe('Nov 22, 2026, 00:00');
  });
});

describe('formatRelative', () => {
  const before = (seconds: number) => formatRelative(new Date(instant.getTime() - seconds * 1000), instant);

  it('uses the largest unit that fits', () => {
    expect([2, 12, 61, 7200, 86_400 * 3, 86_400 * 40].map(before)).toEqual([
      'just now',
      '12 seconds ago',
      '1 minute ago',
      '2 hours ago',
      '3 days ago',
      '1 month ago',
    ]);
  });

  it('looks ahead too', () => {
    expect(before(-90)).toBe('in 1 minute');
  });
});

describe('formatPeriod', () => {
  it('gives the year once when it is the same', () => {
    expect(formatPeriod(new Date('2026-11-08T00:00:00Z'), new Date('2026-12-08T00:00:00Z'))).toBe(
      'Nov 8 – Dec 8, 2026',
    );
    expect(formatPeriod(new Date('2026-12-08T00:00:00Z'), new Date('2027-01-08T00:00:00Z'))).toBe(
      'Dec 8, 2026 – Jan 8, 2027',
    );
  });
});

it('rounds days up and stops at zero', () => {
  expect(daysUntil(new Date('2026-11-23T00:00:00Z'), instant)).toBe(1);
  expect(daysUntil(new Date('2026-11-01T00:00:00Z'), instant)).toBe(0);
});
