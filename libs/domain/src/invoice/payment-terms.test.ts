import { describe, expect, it } from 'vitest';
import { CARD_TERMS, dueAtOf } from './payment-terms.js';

describe('the moment until which an invoice is paid in time', () => {
  it.each([
    ['2026-01-31T00:00:00.000Z', 30, '2026-03-02T23:59:59.999Z'],
    ['2026-01-31T23:59:59.999Z', 30, '2026-03-02T23:59:59.999Z'],
    ['2028-02-28T12:00:00.000Z', 1, '2028-02-29T23:59:59.999Z'],
    ['2026-12-31T12:00:00.000Z', 0, '2026-12-31T23:59:59.999Z'],
    ['2026-11-01T05:00:00.000Z', 90, '2027-01-30T23:59:59.999Z'],
  ])('is for a transfer the end of a UTC day: issued %s, %i days, due %s', (issuedAt, netDays, dueAt) => {
    expect(dueAtOf(new Date(issuedAt), { method: 'transfer', netDays }).toISOString()).toBe(dueAt);
  });

  it('is for a card that of its issue', () => {
    const issuedAt = new Date('2026-01-31T11:12:13.456Z');
    expect(dueAtOf(issuedAt, CARD_TERMS)).toEqual(issuedAt);
  });
});
