import { expect, it } from 'vitest';
import { reportViews, rowsOf } from './report-views.js';

const cells = (name: keyof typeof reportViews, row: Record<string, string | null>) =>
  reportViews[name].columns.map(({ text }) => text(row));

it('shows amounts in their currency, without losing a digit', () => {
  const row = {
    product: 'atlas',
    plan: 'pro',
    currency: 'JPY',
    subscriptions: '1200',
    trials: '0',
    mrr: '12345678901234567890',
    mrr_before_coupons: '12345678901234567891',
  };
  expect(cells('mrr', row)).toEqual([
    'atlas / pro',
    '1,200',
    '0',
    'JPY 12,345,678,901,234,567,890',
    'JPY 12,345,678,901,234,567,891',
    '',
  ]);
});

it('says what of late usage is on no invoice yet', () => {
  const row = {
    period_start: '2026-01-15T00:00:00Z',
    period_end: '2026-02-15T00:00:00Z',
    state: 'waiting',
    quantity: '7',
  };
  expect(cells('late-usage', row)).toContain('Waits');
  expect(cells('late-usage', { ...row, state: 'paid', invoice_number: 'INV-000002' })).toContain('INV-000002');
  expect(cells('late-usage', row)).toContain('Jan 15 – Feb 15, 2026');
});

it('reads rows by the names of their columns', () => {
  expect(rowsOf({ columns: ['a', 'b'], rows: [['1', null]], hasMore: false })).toEqual([{ a: '1', b: null }]);
});
