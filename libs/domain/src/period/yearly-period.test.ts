import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monthsOfYear, yearlyPeriod, yearlyPeriodAt } from './yearly-period.js';

const day = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);
const ms = (iso: string) => new Date(iso).getTime();

describe('yearlyPeriod', () => {
  it('begins on 29 February in leap years and on the 28th in others', () => {
    const anchorMs = ms('2024-02-29T12:00:00.001Z');
    expect([0, 1, 2, 3, 4].map((index) => day(yearlyPeriod(anchorMs, index).startMs))).toEqual([
      '2024-02-29',
      '2025-02-28',
      '2026-02-28',
      '2027-02-28',
      '2028-02-29',
    ]);
    expect(day(yearlyPeriod(ms('2072-02-29T00:00:00Z'), 28).startMs)).toBe('2100-02-28');
  });

  it('keeps the day and the millisecond, has no gap, and is filled by its months, for anchors 1 to 31 over fifty years', () => {
    const wrong: string[] = [];
    for (let date = 1; date <= 31; date++) {
      for (let month = 0; month < 12; month++) {
        const anchorMs = Date.UTC(2000, month, date, 23, 59, 59, 999);
        if (new Date(anchorMs).getUTCDate() !== date) continue;
        for (let index = 0; index < 50; index++) {
          const year = yearlyPeriod(anchorMs, index);
          const months = monthsOfYear(anchorMs, index);
          const start = new Date(year.startMs);
          const keepsDay = start.getUTCDate() === date || (date === 29 && month === 1 && start.getUTCDate() === 28);
          const isFilled =
            months[0]!.startMs === year.startMs &&
            months.at(-1)!.endMs === year.endMs &&
            months.every(({ startMs }, at) => at === 0 || startMs === months[at - 1]!.endMs);
          const adjoins = yearlyPeriod(anchorMs, index + 1).startMs === year.endMs;
          const is = start.getUTCFullYear() === 2000 + index && start.getUTCMonth() === month;
          if (!(keepsDay && isFilled && adjoins && is)) wrong.push(`${day(anchorMs)} ${index}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('yearlyPeriodAt', () => {
  it('finds the year that holds the instant: the start belongs to it, the end to the next', () => {
    const anInstant = fc.integer({ min: ms('1980-01-01T00:00:00Z'), max: ms('2080-01-01T00:00:00Z') });
    fc.assert(
      fc.property(anInstant, anInstant, (anchorMs, atMs) => {
        const year = yearlyPeriodAt(anchorMs, atMs);
        expect(year.startMs).toBeLessThanOrEqual(atMs);
        expect(year.endMs).toBeGreaterThan(atMs);
        expect(yearlyPeriodAt(anchorMs, year.startMs)).toEqual(year);
        expect(yearlyPeriodAt(anchorMs, year.endMs - 1)).toEqual(year);
        expect(yearlyPeriodAt(anchorMs, year.endMs).index).toBe(year.index + 1);
      }),
      { numRuns: 1_000 },
    );
  });
});
