import { expect, it } from 'vitest';
import type { PlanRevenue } from '../api/types.js';
import { barHeights, byCurrency, monthLabel, monthsUntil, totalWords } from './revenue-months.js';

const money = (amountMinor: string, currency = 'USD') => ({ amountMinor, currency, formatted: '' });
const earned = (month: string, plan: string, total: string, currency?: string): PlanRevenue => ({
  month,
  plan,
  fees: money('0', currency),
  usage: money(total, currency),
  reductions: money('0', currency),
  total: money(total, currency),
});

it('counts months back, over the year', () => {
  expect(monthsUntil(new Date('2026-02-28T23:59:59Z'), 4)).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
});

it('adds up plans by month and currency, months without revenue too', () => {
  const rows = [
    earned('2026-01', 'free', '5'),
    earned('2026-01', 'pro', '1000'),
    earned('2026-03', 'pro', '-200'),
    earned('2026-02', 'pro', '30', 'JPY'),
  ];
  const found = byCurrency(rows, ['2026-01', '2026-02', '2026-03']);
  expect(found.map(({ currency, months }) => [currency, months.map(({ totalMinor }) => totalMinor)])).toEqual([
    ['USD', [1005n, 0n, -200n]],
    ['JPY', [0n, 30n, 0n]],
  ]);
  expect(totalWords(found, () => true)).toBe('$8.05 + JPY 30');
  expect(totalWords(found, (month) => month === '2026-02')).toBe('$0.00 + JPY 30');
  expect(totalWords([], () => true)).toBe('–');
  expect(barHeights(found[0]!.months)).toEqual([100, 0, 0]);
});

it('says a month in words', () => {
  expect(monthLabel('2026-02')).toBe('Feb 2026');
});
