import { describe, expect, it } from 'vitest';
import type { TierCharge } from '../api/types.js';
import {
  chargeWords,
  freeUnitsOf,
  invoiceTitle,
  isInvoiceState,
  isOfCalls,
  lineTitle,
  stateOf,
  stateWords,
  tierRateWords,
  tierSpanWords,
} from './invoice-words.js';

const money = (amountMinor: string) => ({ amountMinor, currency: 'USD', formatted: '' });
const tier = { from: '0', upTo: '400000', units: '380000', unitAmount: '0.0018', flatAmount: '0', amount: '684' };

it('calls an invoice by its number, and says why one has none', () => {
  expect(invoiceTitle({ number: 'MW-2026-00041', state: 'paid', total: money('2900') })).toBe('MW-2026-00041');
  expect(invoiceTitle({ number: null, state: 'paid', total: money('0') })).toBe('Nothing owed');
  expect(invoiceTitle({ number: null, state: 'draft', total: money('2900') })).toBe('Draft invoice');
});

it('says of an invoice that is too small to be charged what it waits for', () => {
  const carried = {
    state: 'issued',
    paymentMethod: 'card',
    isHeld: false,
    carriedAt: '2026-02-15T00:00:00Z',
    collectedWith: null,
  } as const;
  const joined = { ...carried, collectedWith: { id: '1', number: 'INV-000003' } };
  expect([stateOf(carried).label, stateOf({ ...carried, carriedAt: null }).label]).toEqual(['Carried', 'Issued']);
  expect(stateOf({ ...joined, state: 'paid' }).label).toBe('Paid');
  expect(stateWords(carried)).toContain('Carried to the next invoice');
  expect(stateWords(joined)).toBe('Carried to invoice INV-000003, and collected with it.');
  expect(stateWords({ ...joined, state: 'paid' })).toBe('Paid in full.');
});

it('leads to calls from lines of usage alone', () => {
  const kinds = ['usage', 'late_usage', 'fixed_fee', 'minimum_commitment', 'discount'] as const;
  expect(kinds.filter((kind) => isOfCalls({ kind }))).toEqual(['usage', 'late_usage']);
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

describe('a row of a line', () => {
  const row = (change: Partial<TierCharge>) =>
    chargeWords(
      { from: '0', upTo: null, units: '0', unitAmount: '0', flatAmount: '0', amount: '0', ...change },
      'USD',
      false,
    );

  it.each([
    ['0', '1000', 'First $1,000.00: 2.5% of the value'],
    ['1000', '5000', '$1,000.00 – $5,000.00: 2.5% of the value'],
    ['5000', null, 'Above $5,000.00: 2.5% of the value'],
  ])('of a tier of value from %s to %s reads as "%s"', (from, upTo, label) => {
    const charge = { from, upTo, units: '500', unitAmount: '0.025', flatAmount: '0', amount: '12.5' };
    expect(chargeWords({ ...charge, basis: 'percentage' }, 'USD', true).label).toBe(label);
  });

  it.each<[Partial<TierCharge>, string, string]>([
    [{ units: '10', unitAmount: '2' }, '$2.00 each', '10'],
    [{ basis: 'package', units: '121', converted: '13', unitAmount: '1.5' }, 'Packages: 13 × $1.50', '121'],
    [{ basis: 'percentage', units: '500', unitAmount: '0.0299' }, '2.99% of the value', '500'],
    [{ basis: 'percentage', units: '500', unitAmount: '0.1' }, '10% of the value', '500'],
    [{ basis: 'percentage', units: '500', unitAmount: '1' }, '100% of the value', '500'],
    [{ basis: 'event', units: '3', unitAmount: '0.3' }, 'Calls: 3 × $0.30', ''],
    [{ basis: 'conversion', units: '2400', converted: '3' }, 'Counted as 3 priced units', '2,400'],
    [{ basis: 'maximum', amount: '-5' }, 'Down to the maximum of the plan', ''],
  ])('%j reads as "%s"', (change, label, units) => {
    expect(row(change)).toEqual({ label, units });
  });
});

describe('what a state means for the payer', () => {
  it.each([
    ['issued', 'card', false, 'Awaiting payment.'],
    ['past_due', 'transfer', false, 'The day it was due has passed. Something is still owed.'],
    ['issued', 'card', true, 'Its amount is being checked. Nothing is charged until then.'],
    ['void', 'card', true, 'Withdrawn. Nothing is owed.'],
  ] as const)('%s, by %s, held %s', (state, paymentMethod, isHeld, words) => {
    expect(stateWords({ state, paymentMethod, isHeld, carriedAt: null, collectedWith: null })).toBe(words);
  });
});
