import { expect, it } from 'vitest';
import type { CloseResult } from '../../api/types.js';
import { closeSummary, closedInvoiceTitle, holdsByReason } from './close-summary.js';

const closed = (amountMinor: string | null, number: string | null = null): CloseResult['closed'][number] => ({
  subscriptionId: 's',
  organizationName: 'O',
  periodStart: '2026-10-08T00:00:00Z',
  invoiceId: 'i',
  number,
  total: amountMinor === null ? null : { amountMinor, currency: 'USD', formatted: '' },
});

it('adds up what was billed', () => {
  expect(closeSummary({ closed: [closed('2900', 'INV-1'), closed('150', 'INV-2'), closed(null)], held: [] })).toBe(
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

it('says of an invoice without a number whether nothing is owed or somebody looks at it first', () => {
  expect(closedInvoiceTitle(closed('2900', 'INV-1'))).toBe('INV-1');
  expect(closedInvoiceTitle(closed('0'))).toBe('Nothing owed');
  expect(closedInvoiceTitle(closed('2900'))).toBe('In review');
  expect(closeSummary({ closed: [closed('2900'), closed('0')], held: [] })).toBe(
    '2 periods closed, $29.00 billed. 1 invoice in review first.',
  );
});

it('counts held periods by their reason, the most first', () => {
  const held = (reason: string) => ({ subscriptionId: 's', periodStart: '2026-10-08T00:00:00Z', reason });
  expect(holdsByReason([held('a'), held('b'), held('b')])).toEqual([
    { reason: 'b', count: 2 },
    { reason: 'a', count: 1 },
  ]);
});
