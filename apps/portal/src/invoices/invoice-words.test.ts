import { expect, it } from 'vitest';
import { freeUnitsOf, invoiceTitle, isInvoiceState, lineTitle, tierRateWords, tierSpanWords } from './invoice-words.js';

const money = (amountMinor: string) => ({ amountMinor, currency: 'USD', formatted: '' });
const tier = { from: '0', upTo: '400000', units: '380000', unitAmount: '0.0018', flatAmount: '0', amount: '684' };

it('calls an invoice by its number, and says why one has none', () => {
  expect(invoiceTitle({ number: 'MW-2026-00041', state: 'paid', total: money('2900') })).toBe('MW-2026-00041');
  expect(invoiceTitle({ number: null, state: 'paid', total: money('0') })).toBe('Nothing owed');
  expect(invoiceTitle({ number: null, state: 'draft', total: money('2900') })).toBe('Draft invoice');
});

it('counts the units of a tier from its first', () => {
  expect(tierSpanWords(tier)).toBe('1 – 400,000');
  expect(tierSpanWords({ from: '400000', upTo: null })).toBe('400,001 and above');
});

it('shows a flat amount only where there is one', () => {
  expect(tierRateWords(tier, 'USD')).toBe('$0.0018 each');
  expect(tierRateWords({ ...tier, flatAmount: '10' }, 'USD')).toBe('$0.0018 each, plus $10.00 once');
  expect(tierRateWords({ ...tier, unitAmount: '0' }, 'USD')).toBe('No charge');
});

it('names a line by its meter where that is known', () => {
  const line = { kind: 'usage' as const, description: 'requests: 48,210 units' };
  expect(lineTitle(line, 'Requests')).toBe('Requests');
  expect(lineTitle(line)).toBe('requests: 48,210 units');
  expect(lineTitle({ kind: 'fixed_fee', description: 'Monthly fee' }, 'Requests')).toBe('Monthly fee');
});

it('finds the included units of a line', () => {
  expect(freeUnitsOf({ kind: 'usage', quantity: '480000', breakdown: [tier] })).toBe(100_000);
  expect(freeUnitsOf({ kind: 'fixed_fee', quantity: '1', breakdown: [] })).toBe(0);
});

it('knows the states', () => {
  expect([isInvoiceState('paid'), isInvoiceState('toString')]).toEqual([true, false]);
});
