import { expect, it } from 'vitest';
import type { CloseResult } from '../../api/types.js';
import { closeSummary } from './close-summary.js';

const closed = (amountMinor: string | null): CloseResult['closed'][number] => ({
  subscriptionId: 's',
  periodStart: '2026-10-08T00:00:00Z',
  invoiceId: 'i',
  number: null,
  total: amountMinor === null ? null : { amountMinor, currency: 'USD', formatted: '' },
});

it('adds up what was billed', () => {
  expect(closeSummary({ closed: [closed('2900'), closed('150'), closed(null)], held: [] })).toBe(
    '3 periods closed, $30.50 billed.',
  );
});

it('mentions what is held', () => {
  const held = [{ subscriptionId: 's', periodStart: '2026-10-08T00:00:00Z', reason: 'gateway-1' }];
  expect(closeSummary({ closed: [], held })).toBe('0 periods closed. 1 period held until all usage is in.');
});

it('says so when nothing was due', () => {
  expect(closeSummary({ closed: [], held: [] })).toMatch(/^Nothing was due/);
});
