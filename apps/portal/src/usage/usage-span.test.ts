import { describe, expect, it } from 'vitest';
import { type Comparison, type ShownRange, boundsOf, daysFault, daysWords, rangeOfDays } from './usage-span.js';

const now = new Date('2026-03-30T12:00:00Z');
const bounds = (range: ShownRange, comparison?: Comparison, at = now) => {
  const { from, to } = boundsOf(range, at, comparison);
  return [from.toISOString().slice(0, 16), to.toISOString().slice(0, 16)];
};
const days = (from: string, to: string) => rangeOfDays({ from, to })!;
const lastDay = { lengthMs: 86_400_000, bucket: 'hour' } as const;

describe('the days that usage is shown of', () => {
  it('are whole days in UTC, the last one too, by the hour where they are few', () => {
    expect(bounds(days('2026-03-01', '2026-03-07'))).toEqual(['2026-03-01T00:00', '2026-03-08T00:00']);
    expect(days('2026-03-01', '2026-03-07').bucket).toBe('hour');
    expect(days('2026-03-01', '2026-03-08').bucket).toBe('day');
    expect(daysWords(days('2026-03-01', '2026-03-31'))).toBe('Mar 1 – Mar 31, 2026');
  });

  it('are none while a day is half typed, and wrong when they run backwards or are too many', () => {
    expect(daysFault({ from: '', to: '2026-03-01' })).toBeUndefined();
    expect(daysFault({ from: '0202-03-01', to: '2026-03-01' })).toBeUndefined();
    expect(daysFault({ from: '2026-03-02', to: '2026-03-01' })).toMatch(/before the first/);
    expect(daysFault({ from: '2020-01-01', to: '2026-03-01' })).toMatch(/1,500 days/);
    expect(rangeOfDays({ from: '2026-03-02', to: '2026-03-01' })).toBeNull();
    expect(rangeOfDays({ from: '2026-02-30', to: 'x' })).toBeNull();
    expect(rangeOfDays({})).toBeNull();
  });
});

describe('what a range is compared with', () => {
  it('is the stretch of the same length just before', () => {
    expect(bounds(lastDay, 'before')).toEqual(['2026-03-28T12:00', '2026-03-29T12:00']);
    expect(bounds(days('2026-03-10', '2026-03-11'), 'before')).toEqual(['2026-03-08T00:00', '2026-03-10T00:00']);
  });

  it('ends where the first bucket of the range begins, so that no call is in both', () => {
    const at = new Date('2026-03-30T12:34:00Z');
    expect(bounds(lastDay, 'before', at)).toEqual(['2026-03-28T12:00', '2026-03-29T12:00']);
    const month = { lengthMs: 30 * 86_400_000, bucket: 'day' } as const;
    expect(bounds(month, 'before', at)).toEqual(['2026-01-29T00:00', '2026-02-28T00:00']);
  });

  it('is the same stretch a billing period earlier, as long as it is itself', () => {
    expect(bounds(days('2026-03-10', '2026-03-11'), 'month')).toEqual(['2026-02-10T00:00', '2026-02-12T00:00']);
    // The end of a shorter month takes nothing away.
    expect(bounds(lastDay, 'month')).toEqual(['2026-02-28T12:00', '2026-03-01T12:00']);
    expect(bounds(days('2026-02-26', '2026-03-04'), 'month')).toEqual(['2026-01-26T00:00', '2026-02-02T00:00']);
  });

  it('is whole periods for whole periods, however long their months are', () => {
    expect(bounds(days('2026-03-01', '2026-03-31'), 'month')).toEqual(['2026-02-01T00:00', '2026-03-01T00:00']);
    expect(bounds(days('2026-02-08', '2026-03-07'), 'month')).toEqual(['2026-01-08T00:00', '2026-02-08T00:00']);
  });
});
