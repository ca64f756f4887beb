import { describe, expect, it } from 'vitest';
import { creditEntryTitle, purchaseWords, runOutWords } from './credit-words.js';

const money = (amountMinor: string) => ({ amountMinor, currency: 'USD', amount: amountMinor, formatted: amountMinor });

describe('the words for credits', () => {
  it('name what an entry is for', () => {
    const titleOf = (
      kind: Parameters<typeof creditEntryTitle>[0]['kind'],
      invoiceNumber: string | null,
      createdAt: string | null = '2026-03-01T00:00:00Z',
    ) => creditEntryTitle({ kind, invoiceNumber, createdAt });
    expect(titleOf('burned', 'INV-000001')).toBe('Used for invoice INV-000001');
    expect(titleOf('burned', null)).toBe('Used for an invoice');
    expect(titleOf('returned', null)).toBe('Back for usage that an invoice gives back');
    expect(titleOf('returned', 'INV-000001', null)).toContain('now void');
    expect(titleOf('burned', 'INV-000001', null)).toBe('Taken back with invoice INV-000001, now void');
    expect(titleOf('expired', null)).toBe('Expired');
  });

  it('say where a purchase stands', () => {
    const purchase = { invoiceNumber: 'INV-000001', hasFailed: false, isOnPage: false };
    expect(purchaseWords(purchase, false)).toContain('under way');
    expect(purchaseWords({ ...purchase, hasFailed: true }, false)).toContain('has failed');
    expect(purchaseWords({ ...purchase, isOnPage: true }, false)).toContain('waits to be paid');
    expect(purchaseWords({ ...purchase, isOnPage: true }, true)).toContain('under way');
  });

  it('say when what is left is used up', () => {
    expect(runOutWords({ available: money('0'), runsOutAt: null })).toContain('next invoice');
    expect(runOutWords({ available: money('1'), runsOutAt: null })).toContain('a year');
    expect(runOutWords({ available: money('1'), runsOutAt: '2026-12-03T23:00:00.000Z' })).toContain('3 Dec 2026');
  });
});
