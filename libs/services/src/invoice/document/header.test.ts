import { expect, it } from 'vitest';
import { invoiceStateText } from './header.js';

it('calls an invoice due only when it is collected by itself', () => {
  const carriedAt = new Date('2026-03-01T00:00:00Z');
  expect(invoiceStateText({ state: 'issued', carriedAt: null }).text).toBe('Due');
  expect(invoiceStateText({ state: 'issued', carriedAt }).text).toBe('Carried');
  expect(invoiceStateText({ state: 'paid', carriedAt }).text).toBe('Paid');
  expect(invoiceStateText({ state: 'void', carriedAt }).text).toBe('Void');
});
