import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monthlyPeriod, monthlyPeriodAt } from './monthly-period.js';

const dayMs = 86_400_000;
const ms = (iso: string) => new Date(iso).getTime();
const iso = (atMs: number) => new Date(atMs).toISOString();
const startsFrom = (anchor: string, count: number) =>
  Array.from({ length: count }, (_, index) => iso(monthlyPeriod(ms(anchor), index).startMs).slice(0, 10));

const firstDay = ms('2000-01-01T00:00:00Z');
const everyDayOfFiftyYears = Array.from(
  { length: (ms('2050-01-01T00:00:00Z') - firstDay) / dayMs },
  (_, day) => firstDay + day * dayMs,
);
const anAnchor = fc.integer({ min: firstDay, max: ms('2050-01-01T00:00:00Z') });
const anIndex = fc.integer({ min: -600, max: 1200 });

describe('monthlyPeriod', () => {
  it('clamps day 31 in short months and returns to it', () => {
    expect(startsFrom('2026-01-31T00:00:00Z', 5)).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
    ]);
  });

  it('uses 29 February in leap years only', () => {
    expect(startsFrom('2028-01-30T00:00:00Z', 3)).toEqual(['2028-01-30', '2028-02-29', '2028-03-30']);
    expect(startsFrom('2100-01-29T00:00:00Z', 3)).toEqual(['2100-01-29', '2100-02-28', '2100-03-29']);
    expect(startsFrom('2024-02-29T00:00:00Z', 13).at(-1)).toBe('2025-02-28');
    expect(startsFrom('2024-02-29T00:00:00Z', 49).at(-1)).toBe('2028-02-29');
  });

  it('keeps the time of day to the millisecond, whatever daylight saving does elsewhere', () => {
    expect(monthlyPeriod(ms('2026-03-15T02:30:00.123Z'), 0)).toEqual({
      startMs: ms('2026-03-15T02:30:00.123Z'),
      endMs: ms('2026-04-15T02:30:00.123Z'),
      index: 0,
    });
  });

  it('starts period 0 at the anchor, for an anchor on every day of fifty years', () => {
    const wrong = everyDayOfFiftyYears.filter((anchorMs) => monthlyPeriod(anchorMs, 0).startMs !== anchorMs);
    expect(wrong.map(iso)).toEqual([]);
  });

  it('leaves no gap and no overlap in five years after an anchor on every day of fifty years', () => {
    const wrong = everyDayOfFiftyYears.filter((anchorMs) => {
      let { endMs } = monthlyPeriod(anchorMs, 0);
      for (let index = 1; index <= 60; index++) {
        const next = monthlyPeriod(anchorMs, index);
        if (next.startMs !== endMs || next.endMs <= next.startMs) return true;
        endMs = next.endMs;
      }
      return false;
    });
    expect(wrong.map(iso)).toEqual([]);
  });

  it('begins on the anchor day, or on the last day of a month that lacks it', () => {
    fc.assert(
      fc.property(anAnchor, anIndex, (anchorMs, index) => {
        const anchor = new Date(anchorMs);
        const start = new Date(monthlyPeriod(anchorMs, index).startMs);
        const isLastDay = new Date(start.getTime() + dayMs).getUTCDate() === 1;
        const sameDay = start.getUTCDate() === anchor.getUTCDate();
        expect(sameDay || (isLastDay && start.getUTCDate() < anchor.getUTCDate())).toBe(true);
        expect(start.toISOString().slice(10)).toBe(anchor.toISOString().slice(10));
      }),
    );
  });

  it('moves the calendar month by exactly one a period', () => {
    fc.assert(
      fc.property(anAnchor, anIndex, (anchorMs, index) => {
        const start = new Date(monthlyPeriod(anchorMs, index).startMs);
        const end = new Date(monthlyPeriod(anchorMs, index).endMs);
        expect((end.getUTCMonth() - start.getUTCMonth() + 12) % 12).toBe(1);
      }),
    );
  });
});

describe('monthlyPeriodAt', () => {
  const anchorMs = ms('2026-01-31T10:00:00Z');

  it.each([
    ['2026-01-31T10:00:00.000Z', 0],
    ['2026-02-28T09:59:59.999Z', 0],
    ['2026-02-28T10:00:00.000Z', 1],
    ['2026-03-31T09:59:59.999Z', 1],
    ['2026-03-31T10:00:00.000Z', 2],
    ['2026-01-31T09:59:59.999Z', -1],
  ])('puts %s into period %i: the start belongs to it, the end to the next', (at, index) => {
    expect(monthlyPeriodAt(anchorMs, ms(at)).index).toBe(index);
  });

  it('finds the period that holds the instant', () => {
    const anInstant = fc.integer({ min: ms('1970-01-01T00:00:00Z'), max: ms('2150-01-01T00:00:00Z') });
    fc.assert(
      fc.property(anAnchor, anInstant, (anchor, atMs) => {
        const period = monthlyPeriodAt(anchor, atMs);
        expect(period.startMs).toBeLessThanOrEqual(atMs);
        expect(period.endMs).toBeGreaterThan(atMs);
        expect(period).toEqual(monthlyPeriod(anchor, period.index));
      }),
      { numRuns: 2000 },
    );
  });

  it('holds the start, the last millisecond and not the end, for every period', () => {
    fc.assert(
      fc.property(anAnchor, anIndex, (anchor, index) => {
        const { startMs, endMs } = monthlyPeriod(anchor, index);
        expect(monthlyPeriodAt(anchor, startMs).index).toBe(index);
        expect(monthlyPeriodAt(anchor, endMs - 1).index).toBe(index);
        expect(monthlyPeriodAt(anchor, endMs).index).toBe(index + 1);
      }),
      { numRuns: 1000 },
    );
  });
});
